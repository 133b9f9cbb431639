package usersapi.storage;

import static usersapi.table.StorageTotalsTable.BYTES;
import static usersapi.table.StorageTotalsTable.ENTRY;
import static usersapi.table.StorageTotalsTable.FILE_COUNT;
import static usersapi.table.StorageTotalsTable.TOTAL_BYTES;

import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import usersapi.table.Attribute;
import usersapi.table.StorageTotalsTable;

/** The storage totals, which {@link FileSettlement} keeps in agreement with the files. */
public final class StorageTotalsRepository {

    private static final int MAX_ATTEMPTS = 20;

    private final DynamoDbClient dynamoDb;
    private final StorageTotalsTable table;

    /** The totals in this table. */
    @Inject
    public StorageTotalsRepository(DynamoDbClient dynamoDb, StorageTotalsTable table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** The user's total: one read, however many files there are. */
    public StorageSummary find(String userId) {
        var item = dynamoDb.getItem(
                get -> get.tableName(table.name()).key(StorageTotalsTable.total(userId)).consistentRead(true)).item();
        return item.isEmpty()
                ? StorageSummary.EMPTY
                : new StorageSummary(new BigInteger(item.get(TOTAL_BYTES).n()),
                        Long.parseLong(item.get(FILE_COUNT.name()).n()));
    }

    /**
     * Deletes the user's total, and what is counted of each file. Total and counted items go down in step: else a
     * settlement beside it, or after half of it, could take off the total what the total no longer has.
     *
     * <p>File records stay. Who changes one later, or recounts, has it counted again.
     */
    public void delete(String userId) {
        for (int overtaken = 0; overtaken < MAX_ATTEMPTS;) {
            var counted = counted(userId);
            if (!TotalsTransaction.write(dynamoDb,
                    counted.isEmpty() ? List.of(deleteNothing(userId)) : uncount(userId, counted))) {
                overtaken++;
            } else if (counted.isEmpty()) {
                return;
            }
        }
        throw new IllegalStateException(
                "files changed in each of " + MAX_ATTEMPTS + " attempts to delete their total");
    }

    /** As many counted items as a transaction can delete beside its change of the total. */
    private List<Map<String, AttributeValue>> counted(String userId) {
        return dynamoDb.query(query -> query.tableName(table.name()).consistentRead(true).limit(99)
                .keyConditionExpression("%s = :user AND begins_with(%s, :files)"
                        .formatted(Attribute.EXTERNAL_ID.name(), ENTRY.name()))
                .expressionAttributeValues(Map.of(":user", AttributeValue.fromS(userId), ":files",
                        AttributeValue.fromS(StorageTotalsTable.FILE_PREFIX))))
                .items();
    }

    private List<TransactWriteItem> uncount(String userId, List<Map<String, AttributeValue>> counted) {
        var writes = new ArrayList<TransactWriteItem>();
        var bytes = BigInteger.ZERO;
        for (var item : counted) {
            var key = StorageTotalsTable.counted(userId,
                    StorageTotalsTable.fileId(item.get(ENTRY.name()).s()).orElseThrow());
            var before = item.get(BYTES.name());
            writes.add(TransactWriteItem.builder()
                    .delete(delete -> delete.tableName(table.name()).key(key).conditionExpression("#bytes = :before")
                            .expressionAttributeNames(Map.of("#bytes", BYTES.name()))
                            .expressionAttributeValues(Map.of(":before", before)))
                    .build());
            bytes = bytes.subtract(new BigInteger(before.n()));
        }
        writes.add(TotalsTransaction.add(table, userId, bytes, -counted.size()));
        return writes;
    }

    private TransactWriteItem deleteNothing(String userId) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(table.name()).key(StorageTotalsTable.total(userId))
                        .conditionExpression("attribute_not_exists(%s) OR (%s = :zero AND %s = :zero)"
                                .formatted(ENTRY.name(), TOTAL_BYTES, FILE_COUNT.name()))
                        .expressionAttributeValues(Map.of(":zero", TotalsTransaction.number(0))))
                .build();
    }
}
