package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static usersapi.storage.FileRecord.Status.AVAILABLE;
import static usersapi.storage.FileRecord.Status.FAILED;
import static usersapi.storage.FileRecord.Status.FINALIZING;
import static usersapi.storage.FileRecord.Status.PENDING_URL;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import usersapi.CoreFixture;
import usersapi.testing.LocalTables;

class StorageTotalsRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final long TEBIBYTE = 1L << 40;

    private final StorageFixture storage = new StorageFixture(TABLES);
    private final StorageTotalsRepository totals = storage.totals();
    private final FileSettlement settlement = storage.settlement();
    private final String user = UUID.randomUUID().toString();
    private final FileKey file = new FileKey(user, "holiday.jpg");

    @Test
    void aUserWithoutFilesStoresNothing() {
        assertThat(totals.find(user)).isEqualTo(StorageSummary.EMPTY);
    }

    @Test
    void onlyAvailableFilesCount() {
        for (var status : FileRecord.Status.values()) {
            storage.put(new FileKey(user, status.name()), status, 100);
            assertThat(settlement.settle(new FileKey(user, status.name())))
                    .isEqualTo(new Settlement.Settled(status == AVAILABLE));
        }

        assertTotal(100, 1);
    }

    @Test
    void followsAFileThroughItsLife() {
        storage.files().put(file, new FileRecord(PENDING_URL, Optional.empty()));
        settleTo(0, 0);
        storage.put(file, FINALIZING, 10);
        settleTo(0, 0);
        storage.put(file, AVAILABLE, 10);
        settleTo(10, 1);
        storage.put(file, AVAILABLE, 7);
        settleTo(7, 1);
        storage.put(file, AVAILABLE, 0);
        settleTo(0, 1);
        storage.put(file, FAILED, 7);
        settleTo(0, 0);
        storage.put(file, AVAILABLE, 8);
        settleTo(8, 1);
        storage.files().delete(file);
        settleTo(0, 0);
        storage.put(file, AVAILABLE, 9);
        settleTo(9, 1);
    }

    @Test
    void settlingAgainChangesNothing() {
        storage.put(file, AVAILABLE, 10);
        assertThat(settlement.settle(file)).isEqualTo(new Settlement.Settled(true));
        var items = TABLES.items();

        assertThat(settlement.settle(file)).isEqualTo(new Settlement.Settled(false));
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void usersHaveTotalsOfTheirOwnThoughTheirFilesHaveTheSameIds() {
        var other = UUID.randomUUID().toString();
        storage.put(file, AVAILABLE, 10);
        storage.put(new FileKey(other, file.fileId()), AVAILABLE, 5);
        settlement.settle(file);
        settlement.settle(new FileKey(other, file.fileId()));

        assertTotal(10, 1);
        assertThat(totals.find(other)).isEqualTo(new StorageSummary(BigInteger.valueOf(5), 1));
    }

    @Test
    void largeSizesStayExact() {
        for (int i = 0; i < 3; i++) {
            var large = new FileKey(user, "large" + i);
            storage.put(large, AVAILABLE, 5 * TEBIBYTE - i);
            settlement.settle(large);
        }
        assertTotal(15 * TEBIBYTE - 3, 3);

        for (int i = 0; i < 2; i++) {
            var huge = new FileKey(user, "huge" + i);
            storage.put(huge, AVAILABLE, Long.MAX_VALUE);
            settlement.settle(huge);
        }
        assertThat(totals.find(user).totalBytes()).isEqualTo(
                BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.TWO).add(BigInteger.valueOf(15 * TEBIBYTE - 3)));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"AVAILABLE,-,-,size", "AVAILABLE,-1,-,size", "AVAILABLE,1.5,-,size",
            "AVAILABLE,9223372036854775808,-,size", "AVAILABLE,-,12,size", "available,5,-,status", "-,5,-,status",
            "'',5,-,status", "DELETED,5,-,status"})
    void aRecordThatBreaksTheContractIsNamedAndWhatWasCountedStays(String status, String size, String text,
            String attribute) {
        storage.put(file, AVAILABLE, 10);
        settlement.settle(file);
        var attributes = new java.util.HashMap<String, AttributeValue>();
        if (status != null) {
            attributes.put("status", AttributeValue.fromS(status));
        }
        if (size != null) {
            attributes.put("size", AttributeValue.fromN(size));
        }
        if (text != null) {
            attributes.put("size", AttributeValue.fromS(text));
        }
        storage.putRaw(file, attributes);

        assertThat(settlement.settle(file)).isEqualTo(new Settlement.Malformed(attribute));
        assertTotal(10, 1);

        storage.put(file, AVAILABLE, 11);
        settleTo(11, 1);
    }

    @Test
    void furtherAttributesOfTheFileServiceAreItsOwn() {
        storage.putRaw(file, Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5"),
                "name", AttributeValue.fromS("x")));

        settleTo(5, 1);
    }

    // The following settle with something between the reads and the write, once for every condition of the write.

    @Test
    void aLostRaceDoesNotCountTwice() {
        storage.put(file, AVAILABLE, 10);

        storage.settlement(storage.interrupted(() -> settlement.settle(file))).settle(file);

        assertTotal(10, 1);
    }

    @Test
    void aLostRaceDoesNotAddTheSameDifferenceTwice() {
        storage.put(file, AVAILABLE, 5);
        settlement.settle(file);
        storage.put(file, AVAILABLE, 10);

        storage.settlement(storage.interrupted(() -> settlement.settle(file))).settle(file);

        assertTotal(10, 1);
    }

    @Test
    void aLostRaceDoesNotSubtractTwice() {
        storage.put(file, AVAILABLE, 5);
        settlement.settle(file);
        storage.files().delete(file);

        storage.settlement(storage.interrupted(() -> settlement.settle(file))).settle(file);

        assertTotal(0, 0);
    }

    @Test
    void aDeletedFileThatIsBackMeanwhileStaysCounted() {
        storage.put(file, AVAILABLE, 10);
        settlement.settle(file);
        storage.files().delete(file);

        storage.settlement(storage.interrupted(() -> backAsItWas(10))).settle(file);

        assertTotal(10, 1);
    }

    @Test
    void aFailedFileThatIsBackMeanwhileStaysCounted() {
        storage.put(file, AVAILABLE, 10);
        settlement.settle(file);
        storage.put(file, FAILED, 10);

        storage.settlement(storage.interrupted(() -> backAsItWas(10))).settle(file);

        assertTotal(10, 1);
    }

    @Test
    void aFileThatHasItsOldSizeAgainMeanwhileCountsWithThat() {
        storage.put(file, AVAILABLE, 10);
        settlement.settle(file);
        storage.put(file, AVAILABLE, 20);

        storage.settlement(storage.interrupted(() -> backAsItWas(10))).settle(file);

        assertTotal(10, 1);
    }

    @Test
    void aFileThatHasFailedMeanwhileDoesNotCount() {
        storage.put(file, AVAILABLE, 20);

        storage.settlement(storage.interrupted(() -> storage.put(file, FAILED, 20))).settle(file);

        assertTotal(0, 0);
    }

    @Test
    void aDeletedTotalIsGoneWithAllThatWasCountedAndFilesAndOtherUsersStay() {
        var other = new FileKey(UUID.randomUUID().toString(), "f");
        storage.put(other, AVAILABLE, 3);
        settlement.settle(other);
        for (int i = 0; i < 110; i++) {
            var one = new FileKey(user, "f" + i);
            storage.put(one, AVAILABLE, Long.MAX_VALUE - i);
            settlement.settle(one);
        }

        StorageFixture.delete(totals, user);
        StorageFixture.delete(totals, user);

        assertThat(files(user)).hasSize(110);
        assertThat(entries(user)).as("only the mark of a deleted user").containsExactly("total");
        assertTotal(0, 0);
        assertThat(totals.find(other.userId())).isEqualTo(new StorageSummary(BigInteger.valueOf(3), 1));
    }

    @Test
    void aFileOfADeletedTotalThatEndsLaterTakesNothingOff() {
        counted(file, 10);
        StorageFixture.delete(totals, user);

        storage.files().delete(file);

        assertThat(settlement.settle(file)).isEqualTo(new Settlement.Settled(false));
        assertThat(files(user)).isEmpty();
        assertThat(entries(user)).as("only the mark of a deleted user").containsExactly("total");
    }

    @Test
    void nothingIsCountedForADeletedUserHoweverLate() {
        counted(file, 10);
        counted(new FileKey(user, "other"), 5);
        StorageFixture.delete(totals, user);

        storage.put(file, AVAILABLE, 7);
        assertThat(settlement.settle(file)).isEqualTo(new Settlement.Settled(false));
        assertThat(settlement.settle(new FileKey(user, "other"))).isEqualTo(new Settlement.Settled(false));

        assertTotal(0, 0);
        assertThat(storage.recount().run(Optional.of(user), Optional.empty(), Optional.empty(), () -> true,
                (key, failure) -> {}))
                .isEqualTo(new Recount.Progress(2, 0, 0, Optional.empty()));
        assertThat(entries(user)).containsExactly("total");
        assertThat(TABLES.item("StorageTotals", user, "total").orElseThrow()).containsOnlyKeys("external_id", "entry",
                "deleted");
    }

    @Test
    void aFileThatIsCountedWhileTheTotalIsDeletedIsDeletedWithIt() {
        counted(file, 10);
        var late = new FileKey(user, "late");
        storage.put(late, AVAILABLE, 5);

        StorageFixture.delete(storage.totals(storage.interrupted(() -> settlement.settle(late))), user);

        assertTotal(0, 0);
        assertThat(files(user)).hasSize(2);
        assertThat(entries(user)).as("only the mark of a deleted user").containsExactly("total");
    }

    @Test
    void aFileThatEndsWhileTheTotalIsDeletedIsTakenOffOnce() {
        counted(file, 10);
        counted(new FileKey(user, "other"), 5);
        storage.files().delete(file);

        StorageFixture.delete(storage.totals(storage.interrupted(() -> settlement.settle(file))), user);

        assertTotal(0, 0);
        assertThat(files(user)).hasSize(1);
        assertThat(entries(user)).as("only the mark of a deleted user").containsExactly("total");
    }

    @Test
    void aFileThatIsCountedJustBeforeTheEmptyTotalGoesIsDeletedWithIt() {
        storage.put(file, AVAILABLE, 0);

        StorageFixture.delete(storage.totals(storage.interrupted(() -> settlement.settle(file))), user);

        assertThat(files(user)).hasSize(1);
        assertThat(entries(user)).as("only the mark of a deleted user").containsExactly("total");
    }

    @Test
    void aDeletionThatFailsHalfwayGoesOnNextTime() {
        for (int i = 0; i < 150; i++) {
            counted(new FileKey(user, "f" + i), 1);
        }
        var writes = new AtomicInteger();
        var failing = storage.totals(CoreFixture.client(TABLES, request -> {
            if (request instanceof BatchWriteItemRequest && writes.incrementAndGet() == 2) {
                throw new IllegalStateException("the function ran out of time");
            }
        }));

        assertThatIllegalStateException().isThrownBy(() -> StorageFixture.delete(failing, user));

        assertTotal(0, 0);
        assertThat(entries(user)).filteredOn(entry -> entry.startsWith("file#")).hasSize(125);
        StorageFixture.delete(totals, user);
        assertThat(files(user)).hasSize(150);
        assertThat(entries(user)).as("only the mark of a deleted user").containsExactly("total");
    }

    private void counted(FileKey key, long size) {
        storage.put(key, AVAILABLE, size);
        settlement.settle(key);
    }

    /** The ids of the files that the user has a record of. */
    private static List<String> files(String userId) {
        return sortKeys("Files", "file_id", userId);
    }

    /** The item of the user's total. */
    private static List<String> entries(String userId) {
        return sortKeys("StorageTotals", "entry", userId);
    }

    private static List<String> sortKeys(String table, String sortKey, String userId) {
        return TABLES.items(table).stream().filter(item -> item.get("external_id").s().equals(userId))
                .map(item -> item.get(sortKey).s()).toList();
    }

    /** The file changes back, and its settlement finds nothing to do, so no other settlement follows. */
    private void backAsItWas(long size) {
        storage.put(file, AVAILABLE, size);
        assertThat(settlement.settle(file)).isEqualTo(new Settlement.Settled(false));
    }

    private void settleTo(long bytes, long files) {
        settlement.settle(file);
        assertTotal(bytes, files);
    }

    private void assertTotal(long bytes, long files) {
        assertThat(totals.find(user)).isEqualTo(new StorageSummary(BigInteger.valueOf(bytes), files));
    }
}
