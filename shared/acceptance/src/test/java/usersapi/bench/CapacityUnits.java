package usersapi.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The units of a call of DynamoDB by the Developer Guide's rules, for items of at most 1 KB and queries of at most 4 KB: 1
 * read unit for a consistent read, otherwise half a unit; 1 write unit for a write, 2 for a write or a condition check in a
 * transaction. DynamoDB Local's own count is lower.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html">DynamoDB read
 *     and write operations</a>
 */
record CapacityUnits(double read, double write) {

    static CapacityUnits of(SdkRequest call) {
        return switch (call) {
            case GetItemRequest get -> new CapacityUnits(Boolean.TRUE.equals(get.consistentRead()) ? 1 : 0.5, 0);
            case QueryRequest query -> new CapacityUnits(Boolean.TRUE.equals(query.consistentRead()) ? 1 : 0.5, 0);
            case BatchGetItemRequest batch -> new CapacityUnits(
                    batch.requestItems().values().stream().mapToInt(keys -> keys.keys().size()).sum(), 0);
            case BatchWriteItemRequest batch ->
                new CapacityUnits(0, batch.requestItems().values().stream().mapToInt(List::size).sum());
            case PutItemRequest _,UpdateItemRequest _,DeleteItemRequest _ -> new CapacityUnits(0, 1);
            case TransactWriteItemsRequest write -> new CapacityUnits(0, 2 * write.transactItems().size());
            default -> throw new IllegalArgumentException("no rule for " + call.getClass().getSimpleName());
        };
    }

    /**
     * The size of an item in bytes. Numbers count as text, which is longer than their real size.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">Item
     *     sizes and formats</a>
     */
    static int sizeOf(Map<String, AttributeValue> item) {
        return item.entrySet().stream().mapToInt(attribute -> length(attribute.getKey()) + sizeOf(attribute.getValue()))
                .sum();
    }

    private static int sizeOf(AttributeValue value) {
        return switch (value.type()) {
            case S -> length(value.s());
            case N -> length(value.n());
            case BOOL -> 1;
            case SS -> value.ss().stream().mapToInt(CapacityUnits::length).sum();
            // Three bytes, and one for each member.
            case M -> 3 + value.m().size() + sizeOf(value.m());
            default -> throw new IllegalArgumentException("no rule for a value of type " + value.type());
        };
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    CapacityUnits plus(CapacityUnits other) {
        return new CapacityUnits(read + other.read, write + other.write);
    }
}
