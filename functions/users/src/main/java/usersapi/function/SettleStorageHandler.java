package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.storage.FileKey;
import usersapi.storage.FileSettlement;
import usersapi.storage.Settlement;
import usersapi.table.Attribute;
import usersapi.table.FilesTable;
import usersapi.wiring.CoreModule;

/**
 * Consumes the files' stream: each record names a file that changed, which is then settled. It answers with the records
 * that failed (Lambda Developer Guide, «Configuring partial batch response with DynamoDB»), so that the others of the
 * batch count; and with those for which there was no time.
 */
public final class SettleStorageHandler extends JsonFunction {

    /** Enough to settle one more file and answer, also when DynamoDB takes all the time that a call may take. */
    static final int RESERVE_MILLIS = 18_000;

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        FileSettlement files();
    }

    private final FileSettlement files;

    /** Called by Lambda. */
    public SettleStorageHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public SettleStorageHandler(Environment environment) {
        super(environment);
        files = DaggerSettleStorageHandler_Graph.builder().coreModule(new CoreModule(environment)).build().files();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        var failures = new ArrayList<Object>();
        Set<FileKey> seen = new HashSet<>();
        var records = (List<?>) event.get("Records");
        for (var record : records) {
            var change = ((JsonObject) record).object("dynamodb");
            if (!isSettled(change.object("Keys"), seen, context)) {
                failures.add(new JsonObject().put("itemIdentifier", change.get("SequenceNumber")));
            }
        }
        return new FunctionResult(new JsonObject().put("batchItemFailures", failures),
                failures.isEmpty() ? Outcome.OK : Outcome.UNSETTLED,
                new JsonObject().put("records", records.size()).put("unsettled", failures.size()));
    }

    /** False if the record is to be tried again, and in the end set aside. */
    private boolean isSettled(JsonObject keys, Set<FileKey> seen, Context context) {
        var file = file(keys);
        if (file.isEmpty()) {
            FunctionLog.error(context, new JsonObject().put("malformed", "key"));
            return false;
        }
        if (!seen.add(file.get())) {
            return true;
        }
        if (context.getRemainingTimeInMillis() < RESERVE_MILLIS) {
            return false;
        }
        var settlement = files.settle(file.get());
        if (settlement instanceof Settlement.Settled) {
            return true;
        }
        SettlementLog.unsettled(context, file.get(), settlement);
        return false;
    }

    /** Empty for a key that is none of the files' table. */
    private static Optional<FileKey> file(JsonObject keys) {
        return keys.object(Attribute.EXTERNAL_ID.name()).string("S").flatMap(userId -> keys
                .object(FilesTable.FILE_ID.name()).string("S").map(fileId -> new FileKey(userId, fileId)));
    }
}
