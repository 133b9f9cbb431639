package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.JsonFunction;
import usersapi.storage.FileKey;
import usersapi.storage.StorageTotalsRepository;
import usersapi.storage.StorageTotalsRepository.Settlement;
import usersapi.wiring.CoreModule;

/**
 * Consumes the table's stream: each record names a file that changed, which is then settled. It answers with the records
 * that failed (Lambda Developer Guide, «Configuring partial batch response with DynamoDB»), so that the others of the
 * batch count.
 */
public final class SettleStorageHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        StorageTotalsRepository totals();
    }

    private final StorageTotalsRepository totals;

    /** Called by Lambda. */
    public SettleStorageHandler() {
        this(DaggerSettleStorageHandler_Graph.create().totals());
    }

    SettleStorageHandler(StorageTotalsRepository totals) {
        this.totals = totals;
    }

    @Override
    protected JsonObject invoke(JsonObject event, Context context) {
        var failures = new ArrayList<Object>();
        Set<FileKey> seen = new HashSet<>();
        for (var record : (List<?>) event.get("Records")) {
            var change = ((JsonObject) record).object("dynamodb");
            if (!isSettled(change.object("Keys"), seen, context)) {
                failures.add(new JsonObject().put("itemIdentifier", change.get("SequenceNumber")));
            }
        }
        return new JsonObject().put("batchItemFailures", failures);
    }

    /** False if the record is to be tried again, and in the end set aside. */
    private boolean isSettled(JsonObject keys, Set<FileKey> seen, Context context) {
        var file = FileKey.of(keys.object("pk").string("S").orElse(""), keys.object("sk").string("S").orElse(""));
        if (file.isEmpty()) {
            context.getLogger().log(FunctionLog.line(context, "ERROR").put("malformed", "key").toJson());
            return false;
        }
        if (!seen.add(file.get())) {
            return true;
        }
        var settlement = totals.settle(file.get());
        if (settlement instanceof Settlement.Settled) {
            return true;
        }
        SettlementLog.unsettled(context, file.get(), settlement);
        return false;
    }
}
