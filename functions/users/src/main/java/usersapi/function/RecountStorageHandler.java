package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.json.JsonObject;
import usersapi.lambda.JsonFunction;
import usersapi.storage.Recount;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator for the files of a {@link UserRange}: out comes {@code {"message", "files", "changed", "unsettled",
 * "next"}}. Unless {@code next} is null, time ran out: invoke again with the same input and {@code "from"} set to it.
 */
public final class RecountStorageHandler extends JsonFunction {

    /** Enough to finish a page and answer. */
    private static final int RESERVE_MILLIS = 20_000;

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        Recount recount();
    }

    private final Recount recount = DaggerRecountStorageHandler_Graph.create().recount();

    @Override
    protected JsonObject invoke(JsonObject event, Context context) {
        return switch (UserRange.parse(event)) {
            case UserRange.Parsed.Invalid(var detail) -> refused(detail);
            case UserRange.Parsed.Valid(var range) -> recount(range, context);
        };
    }

    private JsonObject recount(UserRange range, Context context) {
        var progress = recount.run(range.userId(), range.from(),
                () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS,
                (file, settlement) -> SettlementLog.unsettled(context, file, settlement));
        return new JsonObject().put("message", "ok").put("files", progress.files()).put("changed", progress.changed())
                .put("unsettled", progress.unsettled()).put("next", UserRange.next(progress.next()));
    }
}
