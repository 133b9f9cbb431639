package usersapi.storage;

import static usersapi.table.StorageTotalsTable.ENTRY;
import static usersapi.table.StorageTotalsTable.FILE_COUNT;
import static usersapi.table.StorageTotalsTable.TOTAL_BYTES;

import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.Attribute;
import usersapi.table.BatchDeletion;
import usersapi.table.StorageTotalsTable;

/** The storage totals, which {@link FileSettlement} keeps in agreement with the files. */
public final class StorageTotalsRepository {

    private static final int PAGE = 500;

    private final DynamoDbClient dynamoDb;
    private final StorageTotalsTable table;

    /** The totals in this table. */
    @Inject
    public StorageTotalsRepository(DynamoDbClient dynamoDb, StorageTotalsTable table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** The user's total; one read for any number of files. */
    public StorageSummary find(String userId) {
        var item = dynamoDb.getItem(
                get -> get.tableName(table.name()).key(StorageTotalsTable.total(userId)).consistentRead(true)).item();
        return !item.containsKey(TOTAL_BYTES)
                ? StorageSummary.EMPTY
                : new StorageSummary(new BigInteger(item.get(TOTAL_BYTES).n()),
                        Long.parseLong(item.get(FILE_COUNT.name()).n()));
    }

    /**
     * Deletes the user's total and marks it as a deleted user's. After that no settlement counts anything for this user. The
     * mark stays.
     */
    public void markDeleted(String userId) {
        dynamoDb.updateItem(update -> update.tableName(table.name()).key(StorageTotalsTable.total(userId))
                .updateExpression("SET %s = :true REMOVE %s, %s".formatted(StorageTotalsTable.DELETED.name(),
                        TOTAL_BYTES, FILE_COUNT.name()))
                .expressionAttributeValues(Map.of(":true", AttributeValue.fromBool(true))));
    }

    /**
     * Deletes the counted items of a user who is marked as deleted, until the last one or until time runs out, but at least
     * one page.
     *
     * @return whether it reached the end; if not, call it again
     */
    public boolean deleteCounted(String userId, BooleanSupplier timeIsLeft) {
        var pages = dynamoDb.queryPaginator(query -> query.tableName(table.name()).consistentRead(true).limit(PAGE)
                .keyConditionExpression("%s = :user AND begins_with(%s, :files)"
                        .formatted(Attribute.EXTERNAL_ID.name(), ENTRY.name()))
                .projectionExpression("%s, %s".formatted(Attribute.EXTERNAL_ID.name(), ENTRY.name()))
                .expressionAttributeValues(Map.of(":user", AttributeValue.fromS(userId), ":files",
                        AttributeValue.fromS(StorageTotalsTable.FILE_PREFIX))))
                .iterator();
        do {
            BatchDeletion.delete(dynamoDb, table.name(), pages.next().items());
            if (!pages.hasNext()) {
                return true;
            }
        } while (timeIsLeft.getAsBoolean());
        return false;
    }

    /** Whether the user has a total or counted items, also as a deleted user. */
    public boolean hasAny(String userId) {
        return dynamoDb.query(query -> query.tableName(table.name()).consistentRead(true).limit(1)
                .keyConditionExpression(Attribute.EXTERNAL_ID.name() + " = :user")
                .expressionAttributeValues(Map.of(":user", AttributeValue.fromS(userId)))).count() > 0;
    }
}
