package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static usersapi.storage.FileRecord.Status.AVAILABLE;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.LocalTables;

class RecountTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final StorageFixture storage = new StorageFixture(TABLES);
    private final List<FileKey> unsettled = new ArrayList<>();

    @Test
    void settlesWhatTheStreamNeverToldOf() {
        storage.put(new FileKey("jane", "new"), AVAILABLE, 10);
        storage.put(new FileKey("jane", "gone"), AVAILABLE, 5);
        storage.settlement().settle(new FileKey("jane", "gone"));
        storage.files().delete(new FileKey("jane", "gone"));
        storage.putRaw(new FileKey("jane", "broken"), Map.of("status", AttributeValue.fromS("?")));
        storage.put(new FileKey("john", "other"), AVAILABLE, 1);

        assertThat(storage.recount().run(Optional.of("jane"), Optional.empty(), Optional.empty(), () -> true,
                (file, settlement) -> unsettled.add(file)))
                .isEqualTo(new Recount.Progress(3, 2, 1, Optional.empty()));
        assertThat(unsettled).containsExactly(new FileKey("jane", "broken"));

        assertThat(storage.totals().find("jane")).isEqualTo(new StorageSummary(BigInteger.TEN, 1));
        assertThat(storage.totals().find("john")).isEqualTo(StorageSummary.EMPTY);
    }

    @Test
    void stopsWhenTimeIsUpAndGoesOnWhereItStopped() {
        IntStream.range(0, 220).forEach(i -> storage.put(new FileKey("paged", "f" + i), AVAILABLE, 1));

        var files = new AtomicInteger();
        long changed = 0;
        Optional<RecountPosition> next = Optional.empty();
        int runs = 0;
        do {
            var progress = storage.recount().run(Optional.of("paged"), Optional.empty(), next,
                    () -> files.incrementAndGet() % 90 != 0,
                    (file, settlement) -> unsettled.add(file));
            changed += progress.changed();
            next = progress.next();
            runs++;
        } while (next.isPresent());

        assertThat(runs).isGreaterThan(2);
        assertThat(changed).isEqualTo(220);
        assertThat(storage.totals().find("paged")).isEqualTo(new StorageSummary(BigInteger.valueOf(220), 220));
    }

    @Test
    void recountsEverybody() {
        storage.put(new FileKey("first", "f"), AVAILABLE, 1);
        storage.put(new FileKey("second", "f"), AVAILABLE, 2);

        assertThat(storage.recount()
                .run(Optional.empty(), Optional.empty(), Optional.empty(), () -> true,
                        (file, settlement) -> unsettled.add(file))
                .next())
                .isEmpty();

        assertThat(storage.totals().find("first")).isEqualTo(new StorageSummary(BigInteger.ONE, 1));
        assertThat(storage.totals().find("second")).isEqualTo(new StorageSummary(BigInteger.TWO, 1));
    }

    @Test
    void goesOnAfterAFileWhoseIdIsTooLongToBeCounted() {
        var longest = new FileKey("verbose", "a".repeat(1019));
        var tooLong = new FileKey("verbose", "a".repeat(1020));
        storage.put(longest, AVAILABLE, 1);
        storage.put(tooLong, AVAILABLE, 1);
        storage.put(new FileKey("verbose", "b"), AVAILABLE, 1);

        assertThat(storage.settlement().settle(tooLong)).isEqualTo(new Settlement.Malformed("file_id"));
        assertThat(storage.recount().run(Optional.of("verbose"), Optional.empty(), Optional.empty(), () -> true,
                (file, settlement) -> unsettled.add(file))).isEqualTo(new Recount.Progress(3, 2, 1, Optional.empty()));
        assertThat(unsettled).containsExactly(tooLong);
    }

    @Test
    void settlesFilesThatAreGoneAfterItStoppedAmongThoseThatAreThere() {
        for (int i = 0; i < 5; i++) {
            storage.put(new FileKey("vanished", "f" + i), AVAILABLE, 1);
            storage.settlement().settle(new FileKey("vanished", "f" + i));
            storage.files().delete(new FileKey("vanished", "f" + i));
        }
        storage.put(new FileKey("vanished", "kept"), AVAILABLE, 7);

        long files = 0;
        Optional<RecountPosition> next = Optional.empty();
        do {
            var from = next.map(RecountPosition::toText).map(RecountPosition::parse);
            var progress = storage.recount().run(Optional.of("vanished"), Optional.empty(), from, () -> false,
                    (file, settlement) -> unsettled.add(file));
            files += progress.files();
            next = progress.next();
        } while (next.isPresent());

        assertThat(files).isEqualTo(6);
        assertThat(storage.totals().find("vanished")).isEqualTo(new StorageSummary(BigInteger.valueOf(7), 1));
    }

    @Test
    void aPositionSurvivesAsText() {
        var position = new RecountPosition(RecountPosition.Source.STORAGE_TOTALS, "a\nb", "file#\"ü\u0000");

        assertThat(RecountPosition.parse(position.toText())).isEqualTo(position);
    }
}
