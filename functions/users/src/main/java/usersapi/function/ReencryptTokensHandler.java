package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.operator.FailedUsers;
import usersapi.operator.UserRange;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.token.Reencryption;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator after a rotation of the token key, for the tokens of a {@link UserRange}: {@code {"message",
 * "reencrypted", "current", "undecryptable", "next"}} out. Unless {@code next} is null, time ran out: invoke the function
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

    private final Reencryption reencryption;

    /** Called by Lambda. */
    public ReencryptTokensHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public ReencryptTokensHandler(Environment environment) {
        super(environment);
        reencryption = DaggerReencryptTokensHandler_Graph.builder().coreModule(new CoreModule(environment)).build()
                .reencryption();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return switch (UserRange.parse(event, ReencryptTokensHandler.class)) {
            case UserRange.Parsed.Invalid(var detail) -> FunctionResult.invalid(detail);
            case UserRange.Parsed.Valid(var range) -> reencrypt(range, context);
        };
    }

    private FunctionResult reencrypt(UserRange range, Context context) {
        var failed = new FailedUsers();
        var progress = reencryption.run(range.userId(), range.segment(), range.from(),
                () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS, (id, failure) -> {
                    failed.add(id);
                    FunctionLog.error(context, FunctionLog.failure(failure).put("user_id", id));
                });
        var answer = new JsonObject().put("message", "ok").put("reencrypted", progress.reencrypted())
                .put("current", progress.current()).put("undecryptable", progress.undecryptable())
                .put("next", range.next(progress.next()));
        var log = new JsonObject().put("user_id", range.userId().orElse(null))
                .put("reencrypted", progress.reencrypted()).put("current", progress.current())
                .put("undecryptable", progress.undecryptable());
        return new FunctionResult(range.addTo(answer, failed),
                progress.undecryptable() == 0 ? Outcome.OK : Outcome.FAILED, log);
    }
}
