package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import usersapi.json.JsonObject;
import usersapi.storage.FileKey;
import usersapi.storage.FileRecord;
import usersapi.storage.FileRepository;
import usersapi.table.FilesTable;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.LocalTables;
import usersapi.wiring.CoreModule;

/**
 * The invariant of the storage totals: after any changes of files and any order of the stream, a user's total is the sum of
 * the user's available files.
 */
class SettleStoragePropertyTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final int WORKERS = 8;
    private static final int CHANGES = 60;
    private static final int LARGEST_BATCH = 5;

    /** Unsettled changes of files, each up to three times; null is the end. */
    private final List<FileKey> stream = new ArrayList<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void totalsAreTheSumOfTheAvailableFilesInTheEnd(long seed) throws Exception {
        var random = new Random(seed);
        var users = Stream.of("a", "b", "c").map(user -> user.repeat(31) + seed).toList();
        var files = new FileRepository(
                CoreModule.dynamoDb(UrlConnectionHttpClient.create(), TABLES::variable),
                new FilesTable(TABLES::variable));
        Map<FileKey, FileRecord> model = new HashMap<>();

        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"));
                var threads = Executors.newFixedThreadPool(WORKERS)) {
            network.fail(40, seed);
            var workers = IntStream.range(0, WORKERS).mapToObj(worker -> {
                var handler = new SettleStorageHandler(
                        TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
                return threads.submit(() -> deliver(handler, new Random(seed + worker)));
            }).toList();
            for (int i = 0; i < CHANGES; i++) {
                var file = new FileKey(users.get(random.nextInt(3)), "f" + random.nextInt(4));
                change(file, files, model, random);
                send(Collections.nCopies(1 + random.nextInt(3), file));
            }
            send(Collections.singletonList(null));
            for (var worker : workers) {
                worker.get();
            }
        }

        for (var user : users) {
            assertThat(summary(user)).isEqualTo(sum(user, model));
            var recount = Invocation.invoke(new RecountStorageHandler(TABLES::variable),
                    Invocation.event("recount-storage", user));
            assertThat(recount.get("changed")).isEqualTo(0L);
            assertThat(summary(user)).isEqualTo(sum(user, model));
        }
    }

    private static void change(FileKey file, FileRepository files, Map<FileKey, FileRecord> model, Random random) {
        if (random.nextInt(4) == 0) {
            files.delete(file);
            model.remove(file);
            return;
        }
        var statuses = List.of(FileRecord.Status.values());
        var record = new FileRecord(statuses.get(random.nextInt(statuses.size())),
                Optional.of(random.nextLong(0, 5L << 40)));
        files.put(file, record);
        model.put(file, record);
    }

    private void send(Collection<FileKey> records) {
        synchronized (stream) {
            stream.addAll(records);
            stream.notifyAll();
        }
    }

    /** Delivers batches in any order until all changes are settled; a batch is repeated from its first failed record on. */
    private Void deliver(SettleStorageHandler handler, Random random) throws InterruptedException {
        while (true) {
            var batch = new ArrayList<FileKey>();
            synchronized (stream) {
                while (stream.isEmpty()) {
                    stream.wait();
                }
                if (stream.size() == 1 && stream.getFirst() == null) {
                    return null;
                }
                for (int i = random.nextInt(LARGEST_BATCH); i >= 0 && !stream.isEmpty(); i--) {
                    var file = stream.remove(random.nextInt(stream.size()));
                    if (file == null) {
                        stream.add(null);
                    } else {
                        batch.add(file);
                    }
                }
            }
            if (batch.isEmpty()) {
                continue;
            }
            var failed = (List<?>) Invocation.invoke(handler, event(batch)).get("batchItemFailures");
            if (!failed.isEmpty()) {
                int first = Integer.parseInt(((JsonObject) failed.getFirst()).string("itemIdentifier").orElseThrow());
                send(batch.subList(first, batch.size()));
            }
        }
    }

    private static String event(List<FileKey> batch) {
        var records = IntStream.range(0, batch.size()).mapToObj(i -> {
            var keys = new JsonObject().put("external_id", new JsonObject().put("S", batch.get(i).userId()))
                    .put("file_id", new JsonObject().put("S", batch.get(i).fileId()));
            return new JsonObject().put("dynamodb",
                    new JsonObject().put("Keys", keys).put("SequenceNumber", Integer.toString(i)));
        }).toList();
        return new JsonObject().put("Records", records).toJson();
    }

    private static String summary(String user) {
        return Invocation
                .ok(new GetStorageSummaryHandler(TABLES::variable), Invocation.event("get-storage-summary", user))
                .toJson();
    }

    private static String sum(String user, Map<FileKey, FileRecord> model) {
        var sizes = model.entrySet().stream().filter(entry -> entry.getKey().userId().equals(user))
                .map(Map.Entry::getValue).filter(record -> record.status() == FileRecord.Status.AVAILABLE)
                .map(record -> BigInteger.valueOf(record.size().orElseThrow())).toList();
        return new JsonObject().put("total_bytes", sizes.stream().reduce(BigInteger.ZERO, BigInteger::add))
                .put("file_count", sizes.size()).toJson();
    }
}
