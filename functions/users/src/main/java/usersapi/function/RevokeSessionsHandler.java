package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.session.SessionRepository;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator, or by the login service when a password changes: {@code {"external_id"}} in, {@code {"message",
 * "revoked"}} out. Ends every session of the user at once and says how many there were; a user who is not there has none.
 */
public final class RevokeSessionsHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        SessionRepository sessions();
    }

    private final SessionRepository sessions;

    /** Called by Lambda. */
    public RevokeSessionsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public RevokeSessionsHandler(Environment environment) {
        super(environment);
        sessions = DaggerRevokeSessionsHandler_Graph.builder().coreModule(new CoreModule(environment)).build()
                .sessions();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return ExternalId.of(event).map(this::revoke).orElseGet(() -> FunctionResult.invalid(ExternalId.REQUIRED));
    }

    private FunctionResult revoke(String userId) {
        var revoked = sessions.closeAll(userId);
        return FunctionResult.ok(new JsonObject().put("message", "ok").put("revoked", revoked),
                new JsonObject().put("user_id", userId).put("revoked", revoked));
    }
}
