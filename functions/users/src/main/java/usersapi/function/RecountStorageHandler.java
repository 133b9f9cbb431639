package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.operator.FailedUsers;
import usersapi.operator.UserRange;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.storage.Recount;
import usersapi.storage.RecountPosition;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator to recount the files of a {@link UserRange}: {@code {"message", "files", "changed", "unsettled",
 * "next"}} out, and for a segment {@code "failed_users"}, whose files could not be settled. Unless {@code next} is null,
 * time ran out: invoke the function again with the same input and {@code "from"} set to it.
 */
public final class RecountStorageHandler extends JsonFunction {

    /** Enough to read a page, settle a file and answer, also when both take long. */
    static final int RESERVE_MILLIS = 35_000;

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        Recount recount();
    }

    private final Recount recount;

    /** Called by Lambda. */
    public RecountStorageHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public RecountStorageHandler(Environment environment) {
        super(environment);
        recount = DaggerRecountStorageHandler_Graph.builder().coreModule(new CoreModule(environment)).build().recount();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return switch (UserRange.parse(event, RecountStorageHandler.class)) {
            case UserRange.Parsed.Invalid(var detail) -> FunctionResult.invalid(detail);
            case UserRange.Parsed.Valid(var range) -> recount(range, context);
        };
    }

    private FunctionResult recount(UserRange range, Context context) {
        var failed = new FailedUsers();
        var progress = recount.run(range.userId(), range.segment(), range.from().map(RecountPosition::parse),
                () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS, (file, settlement) -> {
                    failed.add(file.userId());
                    SettlementLog.unsettled(context, file, settlement);
                });
        var answer = new JsonObject().put("message", "ok").put("files", progress.files())
                .put("changed", progress.changed()).put("unsettled", progress.unsettled())
                .put("next", range.next(progress.next().map(RecountPosition::toText)));
        var log = new JsonObject().put("user_id", range.userId().orElse(null)).put("files", progress.files())
                .put("changed", progress.changed()).put("unsettled", progress.unsettled());
        return new FunctionResult(range.addTo(answer, failed),
                progress.unsettled() == 0 ? Outcome.OK : Outcome.UNSETTLED, log);
    }
}
