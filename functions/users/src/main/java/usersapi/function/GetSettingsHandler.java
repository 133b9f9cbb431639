package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.user.Settings;
import usersapi.user.SettingsRepository;
import usersapi.wiring.CoreModule;

/** {@code GET /api/users/settings/}: all settings, null for those that the user has not set. */
public final class GetSettingsHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SettingsRepository settings();
    }

    private final SettingsRepository settings;

    /** Called by Lambda. */
    public GetSettingsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public GetSettingsHandler(Environment environment) {
        super(environment);
        var graph = DaggerGetSettingsHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        settings = graph.settings();
        Priming.beforeSnapshot(environment, GetSettingsHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return settings.find(caller.userId()).map(Settings::toJson).map(ApiResponse::ok)
                .orElseGet(() -> unauthenticated(request));
    }
}
