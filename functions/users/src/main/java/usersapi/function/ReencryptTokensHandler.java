package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.JsonFunction;
import usersapi.token.Reencryption;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator after the key of access tokens was rotated, for the tokens of a {@link UserRange}: out comes
 * {@code {"message", "reencrypted", "current", "undecryptable", "next"}}. Unless {@code next} is null, time ran out: invoke
 * again with the same input and {@code "from"} set to it. The log names the users whose token does not decrypt.
 */
public final class ReencryptTokensHandler extends JsonFunction {

    /** Enough to finish a page and answer. */
    private static final int RESERVE_MILLIS = 30_000;

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        Reencryption reencryption();
    }

    private final Reencryption reencryption = DaggerReencryptTokensHandler_Graph.create().reencryption();

    @Override
    protected JsonObject invoke(JsonObject event, Context context) {
        return switch (UserRange.parse(event)) {
            case UserRange.Parsed.Invalid(var detail) -> refused(detail);
            case UserRange.Parsed.Valid(var range) -> reencrypt(range, context);
        };
    }

    private JsonObject reencrypt(UserRange range, Context context) {
        var progress = reencryption.run(range.userId(), range.from(),
                () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS, (userId, failure) -> context.getLogger()
                        .log(FunctionLog.failure(context, failure).put("user_id", userId).toJson()));
        return new JsonObject().put("message", "ok").put("reencrypted", progress.reencrypted())
                .put("current", progress.current()).put("undecryptable", progress.undecryptable())
                .put("next", UserRange.next(progress.next()));
    }
}
