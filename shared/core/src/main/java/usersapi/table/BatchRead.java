package usersapi.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Reads items by their keys, up to 100 at a time (API Reference, BatchGetItem). */
public final class BatchRead {

    private static final int MAX_ITEMS = 100;

    private BatchRead() {}

    /**
     * The existing items with these keys, in no order, each read consistently. Throttled reads are tried again.
     *
     * @param keys no key twice
     */
    public static List<Map<String, AttributeValue>> read(DynamoDbClient dynamoDb, String table,
            List<Map<String, AttributeValue>> keys) {
        var items = new ArrayList<Map<String, AttributeValue>>();
        for (int start = 0; start < keys.size(); start += MAX_ITEMS) {
            var rest = keys.subList(start, Math.min(start + MAX_ITEMS, keys.size()));
            var retries = Retries.ofInvocation();
            while (true) {
                var request = Map.of(table, KeysAndAttributes.builder().keys(rest).consistentRead(true).build());
                var answer = dynamoDb.batchGetItem(get -> get.requestItems(request));
                items.addAll(answer.responses().getOrDefault(table, List.of()));
                if (answer.unprocessedKeys().isEmpty()) {
                    break;
                }
                rest = answer.unprocessedKeys().get(table).keys();
                retries.backOff(new IllegalStateException("items of a batch stayed throttled"));
            }
        }
        return items;
    }
}
