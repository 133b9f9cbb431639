package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import usersapi.CoreFixture;
import usersapi.storage.StorageTotalsRepository.Settlement;
import usersapi.testing.FaultyHttpClient;
import usersapi.testing.LocalTable;
import usersapi.wiring.CoreModule;

/**
 * The invariant: whatever files do and however the stream tells of it, once every change was settled after it happened, a
 * user's total is the sum of the user's available files.
 */
class StorageTotalsPropertyTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private static final int WORKERS = 8;
    private static final int CHANGES = 60;

    private final StorageFixture storage = new StorageFixture(TABLE);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void totalsAreTheSumOfTheAvailableFilesInTheEnd(long seed) throws Exception {
        var random = new Random(seed);
        var users = List.of("a" + seed, "b" + seed, "c" + seed);
        Map<FileKey, FileRecord> files = new HashMap<>();
        List<FileKey> hints = Collections.synchronizedList(new ArrayList<>());
        var failures = new AtomicInteger();

        try (var workers = Executors.newFixedThreadPool(WORKERS)) {
            var faulty = IntStream.range(0, WORKERS)
                    .mapToObj(i -> new FaultyHttpClient(UrlConnectionHttpClient.create(), seed + i))
                    .toList();
            faulty.forEach(client -> client.fail(40));
            var working = faulty.stream().map(client -> {
                var totals = new StorageTotalsRepository(CoreModule.dynamoDb(client), CoreFixture.config());
                var order = new Random(seed);
                return workers.submit(() -> deliver(hints, totals, order, failures));
            }).toList();

            for (int i = 0; i < CHANGES; i++) {
                var file = new FileKey(users.get(random.nextInt(3)), "f" + random.nextInt(4));
                change(file, files, random);
                Collections.nCopies(1 + random.nextInt(3), file).forEach(hints::add);
            }
            hints.add(null);
            for (var worker : working) {
                worker.get();
            }
        }

        assertThat(failures).hasPositiveValue();
        for (var user : users) {
            assertThat(storage.totals().find(user)).isEqualTo(sum(user, files));
            var recount = storage.recount().run(Optional.of(user), Optional.empty(), () -> true,
                    (file, settlement) -> {});
            assertThat(recount.changed()).isZero();
            assertThat(storage.totals().find(user)).isEqualTo(sum(user, files));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22})
    void aRecountBesideLiveChangesConvergesAndRepairsWhatWasLost(long seed) throws Exception {
        var random = new Random(seed);
        var user = "recounted" + seed;
        Map<FileKey, FileRecord> files = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            change(new FileKey(user, "lost" + random.nextInt(20)), files, random); // nobody settles these
        }
        List<FileKey> hints = Collections.synchronizedList(new ArrayList<>());

        try (var workers = Executors.newFixedThreadPool(WORKERS)) {
            var live = workers.submit(() -> deliver(hints, storage.totals(), new Random(seed), new AtomicInteger()));
            var recounts = IntStream.range(0, 2).mapToObj(i -> workers
                    .submit(() -> storage.recount().run(Optional.of(user), Optional.empty(), () -> true,
                            (file, settlement) -> {})))
                    .toList();
            for (int i = 0; i < CHANGES; i++) {
                var file = new FileKey(user, "live" + random.nextInt(4));
                change(file, files, random);
                hints.add(file);
            }
            hints.add(null);
            live.get();
            for (var recount : recounts) {
                recount.get();
            }
        }

        assertThat(storage.totals().find(user)).isEqualTo(sum(user, files));
    }

    /** Takes hints in any order until the last, a null, is all there is; a failed one comes back, as from Lambda. */
    private static Void deliver(List<FileKey> hints, StorageTotalsRepository totals, Random order,
            AtomicInteger failures) {
        while (true) {
            FileKey hint;
            synchronized (hints) {
                if (hints.size() == 1 && hints.getFirst() == null) {
                    return null;
                }
                if (hints.isEmpty()) {
                    Thread.onSpinWait();
                    continue;
                }
                hint = hints.remove(order.nextInt(hints.size()));
            }
            if (hint == null) {
                hints.add(null);
                continue;
            }
            if (!(totals.settle(hint) instanceof Settlement.Settled)) {
                failures.incrementAndGet();
                hints.add(hint);
            }
        }
    }

    private void change(FileKey file, Map<FileKey, FileRecord> files, Random random) {
        if (random.nextInt(4) == 0) {
            storage.files().delete(file);
            files.remove(file);
            return;
        }
        var statuses = List.of(FileRecord.Status.values());
        var status = statuses.get(random.nextInt(statuses.size()));
        var record = new FileRecord(status, Optional.of(random.nextLong(0, 5L << 40)));
        storage.files().put(file, record);
        files.put(file, record);
    }

    private static StorageSummary sum(String user, Map<FileKey, FileRecord> files) {
        var sizes = files.entrySet().stream().filter(entry -> entry.getKey().userId().equals(user))
                .map(Map.Entry::getValue).filter(record -> record.status() == FileRecord.Status.AVAILABLE)
                .map(record -> BigInteger.valueOf(record.size().orElseThrow())).toList();
        return new StorageSummary(sizes.stream().reduce(BigInteger.ZERO, BigInteger::add), sizes.size());
    }
}
