package usersapi.table;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Writes transactions. */
public final class Transactions {

    private Transactions() {}

    /** A part of a transaction that puts an item; the transaction fails if the item that is there now breaks the condition. */
    public static TransactWriteItem put(String table, Map<String, AttributeValue> item, Condition condition) {
        return TransactWriteItem.builder().put(put -> put.tableName(table).item(item)
                .conditionExpression(condition.expression()).expressionAttributeValues(orNull(condition.values())))
                .build();
    }

    /** A part of a transaction that deletes an item; a missing one is no error if the condition holds. */
    public static TransactWriteItem delete(String table, Map<String, AttributeValue> key, Condition condition) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(table).key(key).conditionExpression(condition.expression())
                        .expressionAttributeValues(orNull(condition.values())))
                .build();
    }

    /** A part of a transaction that deletes an item, if it is there. */
    public static TransactWriteItem delete(String table, Map<String, AttributeValue> key) {
        return TransactWriteItem.builder().delete(delete -> delete.tableName(table).key(key)).build();
    }

    /** DynamoDB refuses an empty map. */
    private static Map<String, AttributeValue> orNull(Map<String, AttributeValue> values) {
        return values.isEmpty() ? null : values;
    }

    /**
     * Writes the transaction. While it is throttled or not answered, it is repeated until the invocation's time is nearly
     * used. An idempotency token keeps it from being written twice (API Reference, TransactWriteItems,
     * «ClientRequestToken»).
     *
     * @return false if a race was lost: a condition failed, or one of the items is in another transaction
     */
    public static boolean write(DynamoDbClient dynamoDb, List<TransactWriteItem> items) {
        return write(dynamoDb, items, Retries.ofInvocation());
    }

    /** The same with these retries. */
    public static boolean write(DynamoDbClient dynamoDb, List<TransactWriteItem> items, Retries retries) {
        var token = UUID.randomUUID().toString();
        while (true) {
            try {
                dynamoDb.transactWriteItems(transaction -> transaction.transactItems(items).clientRequestToken(token));
                return true;
            } catch (SdkException e) {
                switch (Cancellation.cause(e)) {
                    case PASSING -> retries.backOff(e);
                    case LOST_RACE -> {
                        return false;
                    }
                    case FAULT -> throw e;
                }
            }
        }
    }
}
