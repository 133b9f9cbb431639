package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.session.SessionClosing;
import usersapi.session.SessionCookies;
import usersapi.wiring.CoreModule;

/**
 * Invoked by the login service: {@code {"session_id"}} in, {@code {"message", "cookies"}} out, where {@code cookies} are two
 * values of Set-Cookie that clear the browser's cookies. A session that does not exist counts as closed.
 */
public final class CloseSessionHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SessionClosing sessions();

        SessionCookies cookies();
    }

    private final SessionClosing sessions;
    private final SessionCookies cookies;

    /** Called by Lambda. */
    public CloseSessionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public CloseSessionHandler(Environment environment) {
        super(environment);
        var graph = DaggerCloseSessionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessions = graph.sessions();
        cookies = graph.cookies();
        Priming.beforeSnapshot(environment, CloseSessionHandler::new, graph);
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return event.string("session_id").map(this::close)
                .orElseGet(() -> FunctionResult.invalid("session_id: required"));
    }

    private FunctionResult close(String sessionId) {
        var userId = OpaqueToken.parse(sessionId).flatMap(id -> sessions.close(id.sha256()));
        return FunctionResult.ok(new JsonObject().put("message", "ok").put("cookies", cookies.clear()),
                userId.map(id -> AccountEvent.SESSION_CLOSED.toLog().put("user_id", id)).orElseGet(JsonObject::new));
    }
}
