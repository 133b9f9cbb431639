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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.item.ItemKey;
import usersapi.testing.LocalTable;

class RecountTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private final StorageFixture storage = new StorageFixture(TABLE);
    private final List<FileKey> unsettled = new ArrayList<>();

    @Test
    void settlesWhatTheStreamNeverToldOf() {
        storage.put(new FileKey("jane", "new"), AVAILABLE, 10);
        storage.put(new FileKey("jane", "gone"), AVAILABLE, 5);
        storage.totals().settle(new FileKey("jane", "gone"));
        storage.files().delete(new FileKey("jane", "gone"));
        storage.putRaw(new FileKey("jane", "broken"), Map.of("status", AttributeValue.fromS("?")));
        storage.put(new FileKey("john", "other"), AVAILABLE, 1);

        assertThat(storage.recount().run(Optional.of("jane"), Optional.empty(), () -> true,
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
        Optional<ItemKey> next = Optional.empty();
        int runs = 0;
        do {
            var progress = storage.recount().run(Optional.of("paged"), next, () -> files.incrementAndGet() % 90 != 0,
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
                .run(Optional.empty(), Optional.empty(), () -> true, (file, settlement) -> unsettled.add(file)).next())
                .isEmpty();

        assertThat(storage.totals().find("first")).isEqualTo(new StorageSummary(BigInteger.ONE, 1));
        assertThat(storage.totals().find("second")).isEqualTo(new StorageSummary(BigInteger.TWO, 1));
    }

    @Test
    void goesOnAfterAFileWhoseIdIsTooLongToBeCounted() {
        var longest = new FileKey("verbose", "a".repeat(1016));
        var tooLong = new FileKey("verbose", "a".repeat(1017));
        storage.put(longest, AVAILABLE, 1);
        storage.put(tooLong, AVAILABLE, 1);
        storage.put(new FileKey("verbose", "b"), AVAILABLE, 1);

        assertThat(storage.totals().settle(tooLong)).isEqualTo(new StorageTotalsRepository.Settlement.Malformed("sk"));
        assertThat(storage.recount().run(Optional.of("verbose"), Optional.empty(), () -> true,
                (file, settlement) -> unsettled.add(file))).isEqualTo(new Recount.Progress(3, 2, 1, Optional.empty()));
        assertThat(unsettled).containsExactly(tooLong);
    }

    @ParameterizedTest
    @CsvSource({"USER#u,FILE#f,u,f", "USER#u,COUNTED#f,u,f", "USER#u,FILE#a#b,u,a#b", "USER#a#b,FILE#f,a#b,f"})
    void knowsTheKeysThatAreAboutFiles(String pk, String sk, String userId, String fileId) {
        assertThat(FileKey.of(pk, sk)).contains(new FileKey(userId, fileId));
    }

    @ParameterizedTest
    @CsvSource({"USER#u,PROFILE", "USER#u,STORAGE", "USER#,FILE#f", "USER#u,FILE#", "TOKEN#u,FILE#f", "u,FILE#f",
            "USER#u,FILES#f", "USER#u,#f", "'',''"})
    void otherKeysAreAboutNoFile(String pk, String sk) {
        assertThat(FileKey.of(pk, sk)).isEmpty();
    }
}
