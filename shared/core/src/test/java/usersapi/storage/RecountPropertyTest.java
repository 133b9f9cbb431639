package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.LocalTables;

/** The invariant: a recount, also during live changes, ends with the sum of the user's available files. */
class RecountPropertyTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final int RECOUNTS = 2;
    private static final int CHANGES = 60;

    private final StorageFixture storage = new StorageFixture(TABLES);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22})
    void aRecountBesideLiveChangesConvergesAndRepairsWhatWasLost(long seed) throws Exception {
        var random = new Random(seed);
        var user = "recounted" + seed;
        Map<FileKey, FileRecord> files = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            change(new FileKey(user, "lost" + random.nextInt(20)), files, random); // nobody settles these
        }
        BlockingQueue<Optional<FileKey>> changes = new LinkedBlockingQueue<>();

        try (var workers = Executors.newFixedThreadPool(1 + RECOUNTS)) {
            var running = new ArrayList<Future<?>>();
            running.add(workers.submit(() -> deliver(changes)));
            for (int i = 0; i < RECOUNTS; i++) {
                running.add(workers.submit(
                        () -> storage.recount().run(Optional.of(user), Optional.empty(), Optional.empty(), () -> true,
                                (file, settlement) -> {})));
            }
            for (int i = 0; i < CHANGES; i++) {
                var file = new FileKey(user, "live" + random.nextInt(4));
                change(file, files, random);
                changes.add(Optional.of(file));
            }
            changes.add(Optional.empty());
            for (var run : running) {
                run.get();
            }
        }

        assertThat(storage.totals().find(user)).isEqualTo(sum(user, files));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32})
    void aTotalThatIsDeletedBesideLiveChangesNeverDisagreesWithWhatIsCounted(long seed) throws Exception {
        var random = new Random(seed);
        var user = "leaving" + seed;
        Map<FileKey, FileRecord> files = new HashMap<>();
        BlockingQueue<Optional<FileKey>> changes = new LinkedBlockingQueue<>();

        try (var workers = Executors.newFixedThreadPool(2)) {
            var settling = workers.submit(() -> deliver(changes));
            var deleting = workers.submit(() -> {
                while (!settling.isDone()) {
                    StorageFixture.delete(storage.totals(), user);
                }
            });
            for (int i = 0; i < CHANGES; i++) {
                var file = new FileKey(user, "live" + random.nextInt(4));
                change(file, files, random);
                changes.add(Optional.of(file));
            }
            changes.add(Optional.empty());
            settling.get();
            deleting.get();
        }

        // A recount adds differences, so its sum is right only if the sum before agreed with the counted items.
        storage.recount().run(Optional.of(user), Optional.empty(), Optional.empty(), () -> true,
                (file, settlement) -> {});
        assertThat(storage.totals().find(user)).isEqualTo(sum(user, files));
    }

    /** Settles each change that is told of, until an empty one says that no more will come. */
    private Void deliver(BlockingQueue<Optional<FileKey>> changes) throws InterruptedException {
        for (var change = changes.take(); change.isPresent(); change = changes.take()) {
            assertThat(storage.settlement().settle(change.get())).isInstanceOf(Settlement.Settled.class);
        }
        return null;
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
