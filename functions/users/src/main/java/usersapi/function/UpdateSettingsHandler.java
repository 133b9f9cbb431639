package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.user.SettingsChange;
import usersapi.user.SettingsChange.Parsed.Invalid;
import usersapi.user.SettingsChange.Parsed.Nothing;
import usersapi.user.SettingsChange.Parsed.Valid;
import usersapi.user.SettingsRepository;
import usersapi.wiring.CoreModule;

/** {@code PATCH /api/users/settings/}: changes the settings that the body names. */
public final class UpdateSettingsHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SettingsRepository settings();
    }

    private final SettingsRepository settings;

    /** Called by Lambda. */
    public UpdateSettingsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public UpdateSettingsHandler(Environment environment) {
        super(environment);
        var graph = DaggerUpdateSettingsHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        settings = graph.settings();
        Priming.beforeSnapshot(environment, UpdateSettingsHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return switch (request.json()) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var body) -> switch (SettingsChange.parse(body)) {
                case Invalid(var detail) -> ApiResponse.badRequest(detail);
                case Nothing() -> ApiResponse.ok(new JsonObject().put("message", "ok"));
                case Valid(var change) -> settings.update(caller.userId(), change)
                        ? ApiResponse.ok(updated(change))
                        : unauthenticated(request);
            };
        };
    }

    private static JsonObject updated(SettingsChange change) {
        return new JsonObject().put("message", "ok").put("details",
                new JsonObject().put("updated_fields", change.toJson()));
    }
}
