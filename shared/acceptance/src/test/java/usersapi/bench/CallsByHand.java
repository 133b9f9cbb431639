package usersapi.bench;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import usersapi.bench.CapacityMeter.Call;
import usersapi.bench.reference.ByHand;
import usersapi.standin.stripe.LocalStripe;

/**
 * The calls that {@link ByHand} makes in place of a function.
 *
 * @param text its variable {@code CALLS}
 */
record CallsByHand(String text) {

    /** Only the names of the calls of DynamoDB: the function by hand makes them with an item of two attributes. */
    static CallsByHand alone(List<String> operations) {
        return new CallsByHand(String.join(" ", operations));
    }

    /**
     * All that the function asks of services: calls of DynamoDB with the number of attributes that they read or write, the
     * secret that it fetches once, and requests to Stripe. The function by hand writes a log line, too.
     *
     * @param event {@code Webhook} or {@code Callback} if the event itself must be verified, otherwise empty
     */
    static CallsByHand all(List<Call> calls, String event, List<LocalStripe.Request> stripe) {
        return new CallsByHand(Stream
                .of(calls.stream().map(CallsByHand::text), Stream.of(event).filter(name -> !name.isEmpty()),
                        stripe.stream().map(CallsByHand::text), Stream.of("Log"))
                .flatMap(texts -> texts)
                .collect(Collectors.joining(" ")));
    }

    private static String text(Call call) {
        var name = call.request().getClass().getSimpleName().replace("Request", "");
        return switch (call.request()) {
            case GetSecretValueRequest get -> name + ":" + get.secretId();
            case PutItemRequest put -> name + ":" + put.item().size();
            case UpdateItemRequest update -> name + ":" + Math.max(1, update.expressionAttributeValues().size());
            case TransactWriteItemsRequest write -> "%s:%d:%d".formatted(name,
                    write.transactItems().stream().mapToInt(CallsByHand::written).sum(), write.transactItems().size());
            case ScanRequest _,DeleteItemRequest _,BatchWriteItemRequest _ -> name;
            default -> name + ":" + Math.min(call.response().map(CallsByHand::read).orElse(0), ByHand.MAX_ATTRIBUTES);
        };
    }

    /** Of a condition or a deletion it is the key. */
    private static int written(TransactWriteItem item) {
        if (item.put() != null) {
            return item.put().item().size();
        }
        return item.update() == null ? 2 : item.update().expressionAttributeValues().size();
    }

    private static int read(SdkResponse response) {
        return switch (response) {
            case GetItemResponse get -> get.item().size();
            case QueryResponse query -> query.items().stream().mapToInt(Map::size).sum();
            case BatchGetItemResponse batch -> batch.responses().values().stream().flatMap(Collection::stream)
                    .mapToInt(Map::size).sum();
            default -> 0;
        };
    }

    private static String text(LocalStripe.Request request) {
        return "%s:%s:%s".formatted(request.method(), request.path(),
                request.parameters().getOrDefault("customer", ""));
    }

    boolean fetchSecret() {
        return text.contains("GetSecretValue");
    }

    boolean askStripe() {
        return text.contains("/v1/");
    }

    boolean askProvider() {
        return text.contains("Callback");
    }

    /** Writes the items that the function by hand reads, one for each number of attributes, and the one that it updates. */
    static void fill(DynamoDbClient client, String table) {
        for (int count = 1; count <= ByHand.MAX_ATTRIBUTES; count++) {
            var item = ByHand.item(Integer.toString(count), count);
            client.putItem(put -> put.tableName(table).item(item));
        }
        client.putItem(put -> put.tableName(table).item(ByHand.item(ByHand.UPDATED, 2)));
    }
}
