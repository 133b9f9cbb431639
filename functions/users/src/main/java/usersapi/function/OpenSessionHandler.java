package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.operator.ExternalId;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.session.OpenedSession;
import usersapi.session.SessionCookies;
import usersapi.session.SessionOpening;
import usersapi.wiring.CoreModule;

/**
 * Invoked by the login service for a user whom it has authenticated: {@code {"external_id"}} in, {@code {"message",
 * "session_id", "csrf_token", "expires", "cookies"}} out; {@code expires} is in epoch seconds, and {@code cookies} are two
 * values of Set-Cookie.
 */
public final class OpenSessionHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SessionOpening sessions();

        SessionCookies cookies();
    }

    private final SessionOpening sessions;
    private final SessionCookies cookies;

    /** Called by Lambda. */
    public OpenSessionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public OpenSessionHandler(Environment environment) {
        super(environment);
        var graph = DaggerOpenSessionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessions = graph.sessions();
        cookies = graph.cookies();
        Priming.beforeSnapshot(environment, OpenSessionHandler::new, graph);
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return ExternalId.of(event)
                .flatMap(userId -> sessions.open(userId).map(session -> FunctionResult.ok(opened(session),
                        session.toLog(userId))))
                .orElseGet(() -> FunctionResult.invalid(ExternalId.REQUIRED));
    }

    private JsonObject opened(OpenedSession session) {
        return new JsonObject().put("message", "ok").put("session_id", session.id().value())
                .put("csrf_token", session.csrf().value()).put("expires", session.expires().getEpochSecond())
                .put("cookies", cookies.set(session));
    }
}
