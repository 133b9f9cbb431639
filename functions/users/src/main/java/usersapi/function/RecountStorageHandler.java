package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Optional;
import usersapi.item.ItemKey;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.storage.Recount;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator: {@code {"external_id": U}} for one user's files or {@code {"all": true}} for everybody's, out
 * comes {@code {"message", "files", "changed", "unsettled", "next"}}. Unless {@code next} is null, time ran out: invoke
 * again with the same input and {@code "from"} set to it.
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
    protected FunctionResult invoke(JsonObject event, Context context) {
        var userId = event.string("external_id");
        if (userId.isPresent() == Boolean.TRUE.equals(event.get("all"))) {
            return FunctionResult.invalid("either external_id: a user's external id, or all: true");
        }
        var from = from(event);
        if (event.get("from") != null && (from.isEmpty() || (userId.isPresent() && !isOf(userId.get(), from.get())))) {
            return FunctionResult.invalid("from: must be the next of an earlier answer to the same input");
        }
        var progress = recount.run(userId, from, () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS,
                (file, settlement) -> SettlementLog.unsettled(context, file, settlement));
        var answer = new JsonObject().put("message", "ok").put("files", progress.files())
                .put("changed", progress.changed()).put("unsettled", progress.unsettled()).put("next", progress.next()
                        .map(next -> new JsonObject().put("pk", next.pk()).put("sk", next.sk())).orElse(null));
        var log = new JsonObject().put("user_id", userId.orElse(null)).put("files", progress.files())
                .put("changed", progress.changed()).put("unsettled", progress.unsettled());
        return new FunctionResult(answer, progress.unsettled() == 0 ? Outcome.OK : Outcome.UNSETTLED, log);
    }

    private static Optional<ItemKey> from(JsonObject event) {
        var from = event.object("from");
        return from.string("pk").filter(pk -> !pk.isEmpty())
                .flatMap(pk -> from.string("sk").filter(sk -> !sk.isEmpty()).map(sk -> new ItemKey(pk, sk)));
    }

    private static boolean isOf(String userId, ItemKey key) {
        return key.pk().equals(ItemKey.storage(userId).pk());
    }
}
