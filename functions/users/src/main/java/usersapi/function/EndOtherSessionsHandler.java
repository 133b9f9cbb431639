package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.session.UserSessions;
import usersapi.wiring.CoreModule;

/** {@code DELETE /api/users/sessions/}: ends all sessions of the user but the current one. By session only. */
public final class EndOtherSessionsHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        UserSessions sessions();
    }

    private final UserSessions sessions;

    /** Called by Lambda. */
    public EndOtherSessionsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public EndOtherSessionsHandler(Environment environment) {
        super(environment);
        var graph = DaggerEndOtherSessionsHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessions = graph.sessions();
        Priming.beforeSnapshot(environment, EndOtherSessionsHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return caller.credentialId().map(current -> sessions.endOthers(caller.userId(), current))
                .map(ended -> ApiResponse.done()
                        .logging(AccountEvent.OTHER_SESSIONS_ENDED.toLog().put("ended", ended)))
                .orElseGet(() -> unauthenticated(request));
    }
}
