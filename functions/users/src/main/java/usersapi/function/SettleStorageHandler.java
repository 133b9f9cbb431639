package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.storage.FileKey;
import usersapi.storage.FileSettlement;
import usersapi.storage.Settlement;
import usersapi.table.Attribute;
import usersapi.table.FilesTable;
import usersapi.wiring.CoreModule;

/**
 * Consumes the stream of the table of files: each record names a changed file, which the function settles. The answer lists
 * the records that failed or for which there was no time (Lambda Developer Guide, «Configuring partial batch response with
 * DynamoDB»); Lambda delivers these again for hours. A malformed record is set aside after a minute, and the log names it.
 */
public final class SettleStorageHandler extends JsonFunction {

    /** Enough to settle one more file and answer, also if the file takes its maximum time. */
    static final int RESERVE_MILLIS = 10_000;

    private static final Duration MENDABLE_FOR = Duration.ofMinutes(1);

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        FileSettlement files();

        Clock clock();
    }

    private final FileSettlement files;
    private final Clock clock;

    /** Called by Lambda. */
    public SettleStorageHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public SettleStorageHandler(Environment environment) {
        super(environment);
        var graph = DaggerSettleStorageHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        files = graph.files();
        clock = graph.clock();
        Priming.beforeSnapshot(environment, SettleStorageHandler::new, graph);
    }

    /**
     * Says what is wrong with an event that no stream sends. The empty identifier fails the whole batch («Configuring partial
     * batch response»): if Lambda did send one that this function cannot read, it goes to the failure destination.
     */
    @Override
    protected FunctionResult refuse(String reason) {
        var refusal = super.refuse(reason);
        refusal.answer().put("batchItemFailures", List.of(new JsonObject().put("itemIdentifier", "")));
        return refusal;
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        var given = event.objects("Records").filter(SettleStorageHandler::areOfAStream);
        return given.isEmpty()
                ? refuse("Records: must be a list of records of a stream, each with dynamodb.SequenceNumber")
                : settle(given.get(), context);
    }

    private static boolean areOfAStream(List<JsonObject> records) {
        for (var record : records) {
            if (record.object("dynamodb").string("SequenceNumber").isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private FunctionResult settle(List<JsonObject> records, Context context) {
        var failures = new ArrayList<Object>();
        int setAside = 0;
        Set<FileKey> seen = new HashSet<>();
        for (var record : records) {
            var change = record.object("dynamodb");
            switch (settle(change.object("Keys"), seen, context)) {
                case SETTLED -> {
                }
                case MALFORMED -> {
                    if (isYoung(change)) {
                        failures.add(failure(change));
                    } else {
                        setAside++;
                    }
                }
                case FAILED -> failures.add(failure(change));
            }
        }
        var outcome = setAside > 0 ? Outcome.SET_ASIDE : failures.isEmpty() ? Outcome.OK : Outcome.UNSETTLED;
        return new FunctionResult(new JsonObject().put("batchItemFailures", failures), outcome,
                new JsonObject().put("records", records.size()).put("unsettled", failures.size())
                        .put("set_aside", setAside));
    }

    private static JsonObject failure(JsonObject change) {
        return new JsonObject().put("itemIdentifier", change.get("SequenceNumber"));
    }

    /** Whether a malformed record may still be corrected; later records wait behind it meanwhile. */
    private boolean isYoung(JsonObject change) {
        return !(change.get("ApproximateCreationDateTime") instanceof Number seconds)
                || clock.instant().isBefore(Instant.ofEpochSecond(seconds.longValue()).plus(MENDABLE_FOR));
    }

    private enum Result {
        SETTLED, MALFORMED, FAILED
    }

    private Result settle(JsonObject keys, Set<FileKey> seen, Context context) {
        var file = file(keys);
        if (file.isEmpty()) {
            FunctionLog.error(context, new JsonObject().put("malformed", "key"));
            return Result.MALFORMED;
        }
        if (!seen.add(file.get())) {
            return Result.SETTLED;
        }
        if (context.getRemainingTimeInMillis() < RESERVE_MILLIS) {
            return Result.FAILED;
        }
        var settlement = files.settle(file.get());
        if (settlement instanceof Settlement.Settled) {
            return Result.SETTLED;
        }
        SettlementLog.unsettled(context, file.get(), settlement);
        return settlement instanceof Settlement.Malformed ? Result.MALFORMED : Result.FAILED;
    }

    /** The file of this key; empty for a key that is not one of the table of files. */
    private static Optional<FileKey> file(JsonObject keys) {
        return keys.object(Attribute.EXTERNAL_ID.name()).string("S").flatMap(userId -> keys
                .object(FilesTable.FILE_ID.name()).string("S").map(fileId -> new FileKey(userId, fileId)));
    }
}
