package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.session.ListedSession;
import usersapi.session.UserSessions;
import usersapi.wiring.CoreModule;

/** {@code GET /api/users/sessions/}: the open sessions of the user, the newest first. By session only. */
public final class ListSessionsHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        UserSessions sessions();
    }

    private final UserSessions sessions;

    /** Called by Lambda. */
    public ListSessionsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public ListSessionsHandler(Environment environment) {
        super(environment);
        var graph = DaggerListSessionsHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessions = graph.sessions();
        Priming.beforeSnapshot(environment, ListSessionsHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return ApiResponse.ok(new JsonObject().put("sessions", sessions.list(caller.userId()).stream()
                .map(session -> body(session, caller.credentialId())).toList()));
    }

    private static JsonObject body(ListedSession session, Optional<String> current) {
        return new JsonObject().put("id", session.id()).put("created", session.created().getEpochSecond())
                .put("last_seen", session.lastSeen()).put("expires", session.expires())
                .put("current", current.filter(session.id()::equals).isPresent());
    }
}
