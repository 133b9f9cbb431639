package usersapi.table;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Deletes items by their keys, up to 25 at a time (API Reference, BatchWriteItem). */
public final class BatchDeletion {

    private static final int MAX_ITEMS = 25;

    private BatchDeletion() {}

    /** Deletes the items with these keys; a missing one is no error. Throttled writes are tried again. */
    public static void delete(DynamoDbClient dynamoDb, String table, List<Map<String, AttributeValue>> keys) {
        for (int start = 0; start < keys.size(); start += MAX_ITEMS) {
            var rest = keys.subList(start, Math.min(start + MAX_ITEMS, keys.size())).stream()
                    .map(key -> WriteRequest.builder().deleteRequest(delete -> delete.key(key)).build()).toList();
            var retries = Retries.ofInvocation();
            while (true) {
                var writes = Map.of(table, rest);
                var left = dynamoDb.batchWriteItem(write -> write.requestItems(writes)).unprocessedItems();
                if (left.isEmpty()) {
                    break;
                }
                rest = left.get(table);
                retries.backOff(new IllegalStateException("items of a batch stayed throttled"));
            }
        }
    }
}
