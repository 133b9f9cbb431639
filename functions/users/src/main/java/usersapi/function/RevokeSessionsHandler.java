package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.operator.ExternalId;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.session.SessionRepository;
import usersapi.token.AccessTokenReplacement;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator, or by the login service when a password changes: {@code {"external_id"}} in, {@code {"message",
 * "revoked"}} out. Ends every session of the user at once and says how many there were; a user who is not there has none.
 *
 * <p>{@code {"external_id", "tokens": true}} also replaces the access token, as after a theft: who had the session could read
 * it. The answer's {@code tokens} says how many were replaced. Nobody is told the new one but the user, by the API.
 */
public final class RevokeSessionsHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        SessionRepository sessions();

        AccessTokenReplacement tokens();
    }

    private final SessionRepository sessions;
    private final AccessTokenReplacement tokens;

    /** Called by Lambda. */
    public RevokeSessionsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public RevokeSessionsHandler(Environment environment) {
        super(environment);
        var graph = DaggerRevokeSessionsHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessions = graph.sessions();
        tokens = graph.tokens();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        if (event.has("tokens") && !(event.get("tokens") instanceof Boolean)) {
            return FunctionResult.invalid("tokens: must be true or false");
        }
        return ExternalId.of(event).map(userId -> revoke(userId, Boolean.TRUE.equals(event.get("tokens"))))
                .orElseGet(() -> FunctionResult.invalid(ExternalId.REQUIRED));
    }

    /** The sessions first: through one that is open a thief would read the new token. */
    private FunctionResult revoke(String userId, boolean tokensToo) {
        var told = new JsonObject().put("revoked", sessions.closeAll(userId));
        if (tokensToo) {
            told.put("tokens", tokens.regenerate(userId).isPresent() ? 1 : 0);
        }
        var answer = new JsonObject().put("message", "ok");
        var log = new JsonObject().put("user_id", userId);
        told.members().forEach((name, count) -> {
            answer.put(name, count);
            log.put(name, count);
        });
        return FunctionResult.ok(answer, log);
    }
}
