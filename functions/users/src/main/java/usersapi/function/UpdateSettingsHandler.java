package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Principal;
import usersapi.user.SettingsPatch;
import usersapi.user.SettingsPatch.Parsed.Change;
import usersapi.user.SettingsPatch.Parsed.Invalid;
import usersapi.user.SettingsPatch.Parsed.Nothing;
import usersapi.user.UserRepository;
import usersapi.wiring.CoreModule;

/** {@code PATCH /api/users/settings/}: changes the settings that the body names. */
public final class UpdateSettingsHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        UserRepository users();
    }

    private final UserRepository users;

    /** Called by Lambda. */
    public UpdateSettingsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public UpdateSettingsHandler(Environment environment) {
        super(environment);
        var graph = DaggerUpdateSettingsHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        users = graph.users();
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return switch (request.json()) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var body) -> switch (SettingsPatch.parse(body)) {
                case Invalid(var detail) -> ApiResponse.badRequest(detail);
                case Nothing() -> ApiResponse.ok(new JsonObject().put("message", "ok"));
                case Change(var patch) -> users.update(caller.userId(), patch)
                        ? ApiResponse.ok(updated(patch))
                        : unauthenticated(request);
            };
        };
    }

    private static JsonObject updated(SettingsPatch patch) {
        var fields = new JsonObject().put("tz", patch.tz().orElse(null));
        return new JsonObject().put("message", "ok").put("details", new JsonObject().put("updated_fields", fields));
    }
}
