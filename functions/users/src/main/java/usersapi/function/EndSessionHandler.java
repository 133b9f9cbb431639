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

/** {@code DELETE /api/users/sessions/{id}/}: ends a session of the user, the current one too. By session only. */
public final class EndSessionHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        UserSessions sessions();
    }

    private final UserSessions sessions;

    /** Called by Lambda. */
    public EndSessionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public EndSessionHandler(Environment environment) {
        super(environment);
        var graph = DaggerEndSessionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessions = graph.sessions();
        Priming.beforeSnapshot(environment, EndSessionHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return request.pathParameter("id").filter(id -> sessions.end(caller.userId(), id))
                .map(id -> ApiResponse.done().logging(AccountEvent.SESSION_ENDED.toLog()))
                .orElseGet(ApiResponse::notFound);
    }
}
