package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.operator.Cursor;
import usersapi.operator.ExternalId;
import usersapi.session.SessionRevocation;
import usersapi.token.AccessTokenReplacement;
import usersapi.token.NamedTokens;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator, or by the login service when a password changes: {@code {"external_id"}} in, {@code {"message",
 * "revoked"}} out. Ends every session of the user at once and says how many there were; a user who is not there has none.
 * Where time ran out, for there were thousands, the answer has a {@code next}: invoke again with the same input and
 * {@code "from"} set to it.
 *
 * <p>{@code {"external_id", "tokens": true}} also ends the named tokens and replaces the default one, as after a theft: who had
 * the session could read that, and make others. The answer's {@code tokens} says how many there were. Nobody is told the new
 * one but the user, by the API.
 */
public final class RevokeSessionsHandler extends JsonFunction {

    /** Enough to end a page of sessions, to replace a token and to answer. */
    private static final int RESERVE_MILLIS = 30_000;

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        SessionRevocation sessions();

        AccessTokenReplacement tokens();

        NamedTokens namedTokens();
    }

    private final SessionRevocation sessions;
    private final AccessTokenReplacement tokens;
    private final NamedTokens namedTokens;

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
        namedTokens = graph.namedTokens();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        var tokens = event.flag("tokens");
        if (tokens.isEmpty()) {
            return FunctionResult.invalid("tokens: must be true or false");
        }
        var userId = ExternalId.of(event);
        if (userId.isEmpty()) {
            return FunctionResult.invalid(ExternalId.REQUIRED);
        }
        var cursor = new Cursor(RevokeSessionsHandler.class, userId);
        return switch (cursor.from(event)) {
            case Cursor.From.Invalid(var detail) -> FunctionResult.invalid(detail);
            case Cursor.From.Position(var from) ->
                revoke(userId.get(), from, tokens.get(), cursor, context);
        };
    }

    /** The sessions first, all of them: through one that is open a thief would read the new token, or make one. */
    private FunctionResult revoke(String userId, Optional<String> from, boolean tokensToo, Cursor cursor,
            Context context) {
        var progress = sessions.closeAll(userId, from, () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS);
        var told = new JsonObject().put("revoked", progress.closed());
        if (tokensToo) {
            told.put("tokens", progress.next().isEmpty() ? endTokens(userId) : 0);
        }
        var answer = new JsonObject().put("message", "ok");
        var log = AccountEvent.SESSIONS_REVOKED.toLog().put("user_id", userId);
        told.members().forEach((name, count) -> {
            answer.put(name, count);
            log.put(name, count);
        });
        progress.next().map(cursor::at).ifPresent(next -> answer.put("next", next));
        return FunctionResult.ok(answer, log);
    }

    /** Ends the named tokens and replaces the default one; how many these were. */
    private int endTokens(String userId) {
        return namedTokens.endAll(userId) + (tokens.regenerate(userId).isPresent() ? 1 : 0);
    }
}
