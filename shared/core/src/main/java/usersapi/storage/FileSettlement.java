package usersapi.storage;

import static usersapi.table.FilesTable.SIZE;
import static usersapi.table.FilesTable.STATUS;
import static usersapi.table.StorageTotalsTable.BYTES;
import static usersapi.table.StorageTotalsTable.ENTRY;

import jakarta.inject.Inject;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import usersapi.lambda.CurrentInvocation;
import usersapi.storage.Contribution.Counts;
import usersapi.table.FilesTable;
import usersapi.table.Retries;
import usersapi.table.StorageTotalsTable;
import usersapi.table.Transactions;

/**
 * Settles files. A user's total is always the sum of the user's counted items, and {@link #settle} makes one counted item
 * agree with its file; both change in one transaction. So settling a file twice, late, out of order or at the same time as
 * another caller does no harm, and settling it once after its last change is enough.
 */
public final class FileSettlement {

    /** The limit for one file, because others wait behind it. */
    public static final Duration MAX_TIME = Duration.ofSeconds(5);

    private final DynamoDbClient dynamoDb;
    private final FilesTable files;
    private final StorageTotalsTable totals;

    /** Settles the files of one table in the totals of the other. */
    @Inject
    public FileSettlement(DynamoDbClient dynamoDb, FilesTable files, StorageTotalsTable totals) {
        this.dynamoDb = dynamoDb;
        this.files = files;
        this.totals = totals;
    }

    /**
     * Makes the user's total agree with the file as it is now.
     *
     * <p>The transaction succeeds only if counted item and file are still as they were read. It must check the file too:
     * otherwise a slow settlement could write an old state of a file that has since changed and changed back, after a faster
     * settlement had found nothing to do. Nothing is counted for a deleted user.
     */
    public Settlement settle(FileKey key) {
        if (!StorageTotalsTable.hasRoomFor(key.fileId())) {
            return new Settlement.Malformed(FilesTable.FILE_ID.name());
        }
        try {
            return CurrentInvocation.part(MAX_TIME, () -> settled(key));
        } catch (SdkException | IllegalStateException e) {
            return new Settlement.Failed(e);
        }
    }

    private Settlement settled(FileKey key) {
        var retries = Retries.ofInvocation();
        while (true) {
            var file = read(files.name(), FilesTable.key(key.userId(), key.fileId()));
            var counted = read(totals.name(), StorageTotalsTable.counted(key.userId(), key.fileId()));
            var before = counted.isEmpty()
                    ? Counts.NOTHING
                    : new Counts(Long.parseLong(counted.get(BYTES.name()).n()), 1);
            switch (Contribution.of(file)) {
                case Contribution.Malformed(var attribute) -> {
                    return new Settlement.Malformed(attribute);
                }
                case Counts now when now.equals(before) -> {
                    return new Settlement.Settled(false);
                }
                case Counts now -> {
                    var total = TotalsTransaction.add(totals, key.userId(),
                            BigInteger.valueOf(now.bytes() - before.bytes()), now.files() - before.files());
                    if (Transactions.write(dynamoDb,
                            List.of(check(key, file, now), count(key, counted, now), total), retries)) {
                        return new Settlement.Settled(true);
                    }
                    if (isDeleted(key.userId())) {
                        return new Settlement.Settled(false);
                    }
                    retries.backOff(null);
                }
            }
        }
    }

    private boolean isDeleted(String userId) {
        return read(totals.name(), StorageTotalsTable.total(userId)).containsKey(StorageTotalsTable.DELETED.name());
    }

    private TransactWriteItem check(FileKey key, Map<String, AttributeValue> file, Counts now) {
        var check = ConditionCheck.builder().tableName(files.name()).key(FilesTable.key(key.userId(), key.fileId()));
        var status = STATUS.name();
        var size = SIZE.name();
        if (file.isEmpty()) {
            check.conditionExpression("attribute_not_exists(" + FilesTable.FILE_ID.name() + ")");
        } else if (now.equals(Counts.NOTHING)) {
            check.conditionExpression("#status = :status").expressionAttributeNames(Map.of("#status", status))
                    .expressionAttributeValues(Map.of(":status", file.get(status)));
        } else {
            check.conditionExpression("#status = :status AND #size = :size")
                    .expressionAttributeNames(Map.of("#status", status, "#size", size))
                    .expressionAttributeValues(Map.of(":status", file.get(status), ":size", file.get(size)));
        }
        return TransactWriteItem.builder().conditionCheck(check.build()).build();
    }

    private TransactWriteItem count(FileKey key, Map<String, AttributeValue> counted, Counts now) {
        var bytes = Map.of("#bytes", BYTES.name());
        var condition = counted.isEmpty() ? "attribute_not_exists(" + ENTRY.name() + ")" : "#bytes = :before";
        var names = counted.isEmpty() ? null : bytes;
        var before = counted.isEmpty() ? null : Map.of(":before", counted.get(BYTES.name()));
        var item = new HashMap<>(StorageTotalsTable.counted(key.userId(), key.fileId()));
        if (now.equals(Counts.NOTHING)) {
            return TransactWriteItem.builder()
                    .delete(delete -> delete.tableName(totals.name()).key(item).conditionExpression(condition)
                            .expressionAttributeNames(names).expressionAttributeValues(before))
                    .build();
        }
        item.put(BYTES.name(), TotalsTransaction.number(now.bytes()));
        return TransactWriteItem.builder()
                .put(put -> put.tableName(totals.name()).item(item).conditionExpression(condition)
                        .expressionAttributeNames(names).expressionAttributeValues(before))
                .build();
    }

    private Map<String, AttributeValue> read(String table, Map<String, AttributeValue> key) {
        return dynamoDb.getItem(get -> get.tableName(table).key(key).consistentRead(true)).item();
    }
}
