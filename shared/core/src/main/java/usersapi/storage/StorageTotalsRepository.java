package usersapi.storage;

import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.item.Cancellation;
import usersapi.item.ItemKey;
import usersapi.item.UsersTable;
import usersapi.storage.Contribution.Counts;

/**
 * The storage totals. A user's total is always the sum of the user's counted items, and {@link #settle} makes one counted
 * item agree with its file; both change in one transaction. So settling a file twice, late, out of order or beside
 * somebody else does no harm, and settling it once after its last change is enough.
 *
 * <p>It speaks to the low-level client: the enhanced one cannot ADD to a number.
 */
public final class StorageTotalsRepository {

    private static final int MOST_ATTEMPTS = 20;

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** What {@link #settle} came to. */
    public sealed interface Settlement {

        /** The total agrees with the file; {@code changed} if it did not before. */
        record Settled(boolean changed) implements Settlement {}

        /** This attribute of the file's item breaks the contract; what was counted before stays. */
        record Malformed(String attribute) implements Settlement {}

        /** It could not be settled now: a value, because whoever settles many goes on with the next. */
        record Failed(RuntimeException cause) implements Settlement {}
    }

    /** The totals in the table that the configuration names. */
    @Inject
    public StorageTotalsRepository(DynamoDbClient dynamoDb, UsersTable table) {
        this.dynamoDb = dynamoDb;
        this.table = table.name();
    }

    /** The user's total: one read, however many files there are. */
    public StorageSummary find(String userId) {
        var item = read(ItemKey.storage(userId));
        return item.isEmpty()
                ? StorageSummary.EMPTY
                : new StorageSummary(new BigInteger(item.get("total_bytes").n()),
                        Long.parseLong(item.get("file_count").n()));
    }

    /**
     * Makes the user's total agree with the file as it is now.
     *
     * <p>The transaction holds only if counted item and file are still as they were read. The file must be checked too:
     * else a slow settlement could write what it read of a file that has since changed and changed back, after a faster
     * one had found nothing to do, and with nobody to come after.
     */
    public Settlement settle(FileKey key) {
        if (!key.isCountable()) {
            return new Settlement.Malformed("sk");
        }
        try {
            return settled(key);
        } catch (SdkException | IllegalStateException e) {
            return new Settlement.Failed(e);
        }
    }

    private Settlement settled(FileKey key) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var file = read(key.file());
            var counted = read(key.counted());
            var before = counted.isEmpty() ? Counts.NOTHING : new Counts(Long.parseLong(counted.get("bytes").n()), 1);
            switch (Contribution.of(file)) {
                case Contribution.Malformed(var attribute) -> {
                    return new Settlement.Malformed(attribute);
                }
                case Counts now when now.equals(before) -> {
                    return new Settlement.Settled(false);
                }
                case Counts now -> {
                    var bytes = BigInteger.valueOf(now.bytes() - before.bytes());
                    var total = add(key.userId(), bytes, now.files() - before.files());
                    if (write(List.of(check(key, file, now), count(key, counted, now), total))) {
                        return new Settlement.Settled(true);
                    }
                }
            }
        }
        throw new IllegalStateException("the file changed in each of " + MOST_ATTEMPTS + " attempts to settle it");
    }

    /**
     * Deletes the user's total, and what is counted of each file. Total and counted items go down in step: else a
     * settlement beside it, or after half of it, could take off the total what the total no longer has.
     *
     * <p>File records stay. Who changes one later, or recounts, has it counted again.
     */
    public void delete(String userId) {
        for (int overtaken = 0; overtaken < MOST_ATTEMPTS;) {
            var counted = counted(userId);
            if (!write(counted.isEmpty() ? List.of(deleteNothing(userId)) : uncount(userId, counted))) {
                overtaken++;
            } else if (counted.isEmpty()) {
                return;
            }
        }
        throw new IllegalStateException(
                "files changed in each of " + MOST_ATTEMPTS + " attempts to delete their total");
    }

    /** As many counted items as a transaction can delete beside its change of the total. */
    private List<Map<String, AttributeValue>> counted(String userId) {
        var first = ItemKey.counted(userId, "");
        return dynamoDb.query(query -> query.tableName(table).consistentRead(true).limit(99)
                .keyConditionExpression("pk = :pk AND begins_with(sk, :counted)")
                .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS(first.pk()), ":counted", AttributeValue.fromS(first.sk()))))
                .items();
    }

    private List<TransactWriteItem> uncount(String userId, List<Map<String, AttributeValue>> counted) {
        var writes = new ArrayList<TransactWriteItem>();
        var bytes = BigInteger.ZERO;
        for (var item : counted) {
            var key = Map.of("pk", item.get("pk"), "sk", item.get("sk"));
            writes.add(TransactWriteItem.builder().delete(delete -> delete.tableName(table).key(key)
                    .conditionExpression("bytes = :before")
                    .expressionAttributeValues(Map.of(":before", item.get("bytes")))).build());
            bytes = bytes.subtract(new BigInteger(item.get("bytes").n()));
        }
        writes.add(add(userId, bytes, -counted.size()));
        return writes;
    }

    private TransactWriteItem deleteNothing(String userId) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(table).key(ItemKey.storage(userId).toAttributes())
                        .conditionExpression("attribute_not_exists(pk) OR (total_bytes = :zero AND file_count = :zero)")
                        .expressionAttributeValues(Map.of(":zero", number(0))))
                .build();
    }

    /** False if a condition does not hold any more. */
    private boolean write(List<TransactWriteItem> items) {
        try {
            dynamoDb.transactWriteItems(transaction -> transaction.transactItems(items));
            return true;
        } catch (TransactionCanceledException e) {
            if (Cancellation.isCondition(e)) {
                return false;
            }
            throw e;
        }
    }

    private TransactWriteItem check(FileKey key, Map<String, AttributeValue> file, Counts now) {
        var check = ConditionCheck.builder().tableName(table).key(key.file().toAttributes());
        if (file.isEmpty()) {
            check.conditionExpression("attribute_not_exists(pk)");
        } else if (now.equals(Counts.NOTHING)) {
            check.conditionExpression("#status = :status").expressionAttributeNames(Map.of("#status", "status"))
                    .expressionAttributeValues(Map.of(":status", file.get("status")));
        } else {
            check.conditionExpression("#status = :status AND #size = :size")
                    .expressionAttributeNames(Map.of("#status", "status", "#size", "size"))
                    .expressionAttributeValues(Map.of(":status", file.get("status"), ":size", file.get("size")));
        }
        return TransactWriteItem.builder().conditionCheck(check.build()).build();
    }

    private TransactWriteItem count(FileKey key, Map<String, AttributeValue> counted, Counts now) {
        var condition = counted.isEmpty() ? "attribute_not_exists(pk)" : "bytes = :before";
        var before = counted.isEmpty() ? null : Map.of(":before", counted.get("bytes"));
        var item = new HashMap<>(key.counted().toAttributes());
        if (now.equals(Counts.NOTHING)) {
            return TransactWriteItem.builder().delete(delete -> delete.tableName(table).key(item)
                    .conditionExpression(condition).expressionAttributeValues(before)).build();
        }
        item.put("bytes", number(now.bytes()));
        return TransactWriteItem.builder().put(put -> put.tableName(table).item(item).conditionExpression(condition)
                .expressionAttributeValues(before)).build();
    }

    private TransactWriteItem add(String userId, BigInteger bytes, int files) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table).key(ItemKey.storage(userId).toAttributes())
                        .updateExpression("ADD total_bytes :bytes, file_count :files").expressionAttributeValues(
                                Map.of(":bytes", AttributeValue.fromN(bytes.toString()), ":files", number(files))))
                .build();
    }

    private Map<String, AttributeValue> read(ItemKey key) {
        return dynamoDb.getItem(get -> get.tableName(table).key(key.toAttributes()).consistentRead(true)).item();
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
