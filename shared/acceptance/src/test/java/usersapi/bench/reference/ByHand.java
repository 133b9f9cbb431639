package usersapi.bench.reference;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A function as it would be without this project's core: with Lambda's event classes and the low-level clients, without
 * injection. It makes the calls that {@code CALLS} names, separated by spaces, on the table {@code BY_HAND_TABLE}.
 *
 * <p>A call of DynamoDB may be followed by the number of attributes that it reads or writes, a transaction also by the number
 * of its items. {@code GetSecretValue:ID} fetches a secret once. {@code Log} writes a line, which Lambda's runtime makes a
 * JSON object. {@code Webhook} and what has the path of a request are {@link StripeByHand}'s, {@code Callback} is
 * {@link OpenIdByHand}'s.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-logging.html">Log and monitor Java Lambda functions</a>
 */
public final class ByHand implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    /** The maximum number of attributes of an item that it reads. */
    public static final int MAX_ATTRIBUTES = 24;
    /** The sort key of the item that it updates, which must exist. */
    public static final String UPDATED = "updated";

    private static final String LOOKUP = "BY#HAND#ITEM";
    /** The partition key of the calls that name no size, which must not find the items of the others. */
    private static final String EMPTY = "BY#HAND";
    /** With a name, about the size of an attribute of this project's items. */
    private static final String VALUE = "0123456789abcdef0123456789abcdef01234567";

    private static final Map<String, AttributeValue> KEY = key(EMPTY, EMPTY);

    private final String table;
    private final String[][] calls;
    private final DynamoDbClient client;
    private final UnaryOperator<String> secrets;
    private final UnaryOperator<String> environment;
    private final Map<String, String> fetched = new HashMap<>();
    private StripeByHand stripe;
    private OpenIdByHand provider;

    /** Called by Lambda. */
    public ByHand() {
        this(DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build(),
                id -> SecretByHand.value(id),
                System::getenv);
    }

    /**
     * Makes a function with this client and this environment.
     *
     * @param secrets gives a secret's value
     */
    public ByHand(DynamoDbClient client, UnaryOperator<String> secrets, UnaryOperator<String> environment) {
        this.client = client;
        this.secrets = secrets;
        this.environment = environment;
        table = environment.apply("BY_HAND_TABLE");
        var names = environment.apply("CALLS").split(" ", -1);
        calls = new String[names.length][];
        for (int i = 0; i < names.length; i++) {
            calls[i] = names[i].split(":", -1);
        }
    }

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        var read = "";
        for (var call : calls) {
            switch (call[0]) {
                case "Log" -> context.getLogger().log(event.getHttpMethod() + " " + event.getPath() + " 200",
                        LogLevel.INFO);
                case "GetSecretValue" -> fetched.computeIfAbsent(call[1], secrets);
                case "Webhook" -> stripe().verify(event);
                case "Callback" -> read = provider().subject(event);
                case "GET", "POST" -> read = stripe().send(call[0], call[1], call[2]);
                default -> {
                    var item = call.length == 1 ? make(call[0]) : make(call);
                    read = item.containsKey("attribute_2") ? item.get("attribute_2").s() : read;
                }
            }
        }
        return new APIGatewayProxyResponseEvent().withStatusCode(200)
                .withHeaders(Map.of("Content-Type", "application/json"))
                .withBody("{\"path\":\"" + event.getPath() + "\",\"read\":\"" + read + "\"}");
    }

    private StripeByHand stripe() {
        if (stripe == null) {
            stripe = new StripeByHand(fetched.get(environment.apply("STRIPE_SECRET")),
                    environment.apply("STRIPE_API_BASE"));
        }
        return stripe;
    }

    private OpenIdByHand provider() {
        if (provider == null) {
            provider = new OpenIdByHand(environment, fetched.get(environment.apply("OIDC_SECRET")));
        }
        return provider;
    }

    private static Map<String, AttributeValue> key(String credential) {
        return key(LOOKUP, credential);
    }

    private static Map<String, AttributeValue> key(String lookup, String credential) {
        return Map.of("lookup", AttributeValue.fromS(lookup), "credential", AttributeValue.fromS(credential));
    }

    /** An item with this sort key and this number of attributes, at least two. */
    public static Map<String, AttributeValue> item(String credential, int attributes) {
        var item = new HashMap<>(key(credential));
        for (int i = 2; i < attributes; i++) {
            item.put("attribute_" + i, AttributeValue.fromS(VALUE));
        }
        return item;
    }

    /** A call with items of this project's size; gives the item that it reads. */
    private Map<String, AttributeValue> make(String[] call) {
        int attributes = Integer.parseInt(call[1]);
        switch (call[0]) {
            case "GetItem" -> {
                return client.getItem(get -> get.tableName(table).consistentRead(true).key(key(call[1]))).item();
            }
            case "Query" -> {
                var items = client.query(query -> query.tableName(table).consistentRead(true)
                        .keyConditionExpression("lookup = :lookup AND credential = :credential")
                        .expressionAttributeValues(Map.of(":lookup", AttributeValue.fromS(LOOKUP), ":credential",
                                AttributeValue.fromS(call[1]))))
                        .items();
                return items.isEmpty() ? Map.of() : items.getFirst();
            }
            case "BatchGetItem" -> {
                var items = client
                        .batchGetItem(get -> get.requestItems(Map.of(table,
                                KeysAndAttributes.builder().consistentRead(true).keys(List.of(key(call[1]))).build())))
                        .responses().get(table);
                return items.isEmpty() ? Map.of() : items.getFirst();
            }
            case "PutItem" -> client.putItem(put -> put.tableName(table).item(item("put", attributes))
                    .conditionExpression("attribute_not_exists(refused)"));
            case "UpdateItem" -> client.updateItem(update -> update.tableName(table).key(key(UPDATED))
                    .conditionExpression("attribute_exists(lookup)").updateExpression(assignments(attributes))
                    .expressionAttributeValues(values(attributes)));
            case "TransactWriteItems" -> {
                var items = new TransactWriteItem[Integer.parseInt(call[2])];
                for (int i = 0; i < items.length; i++) {
                    var item = item("put#" + i, attributes / items.length);
                    items[i] = TransactWriteItem.builder().put(put -> put.tableName(table).item(item)
                            .conditionExpression("attribute_not_exists(refused)")).build();
                }
                client.transactWriteItems(write -> write.transactItems(items));
            }
            default -> {
                return make(call[0]);
            }
        }
        return Map.of();
    }

    private static String assignments(int count) {
        var text = new StringBuilder("SET ");
        for (int i = 1; i <= count; i++) {
            text.append(i == 1 ? "" : ", ").append("attribute_").append(i).append(" = :value_").append(i);
        }
        return text.toString();
    }

    private static Map<String, AttributeValue> values(int count) {
        var values = new HashMap<String, AttributeValue>();
        for (int i = 1; i <= count; i++) {
            values.put(":value_" + i, AttributeValue.fromS(VALUE));
        }
        return values;
    }

    /** A call with an item that has its key only, and is not found. */
    private Map<String, AttributeValue> make(String call) {
        switch (call) {
            case "GetItem" -> client.getItem(get -> get.tableName(table).consistentRead(true).key(KEY));
            case "BatchGetItem" -> client.batchGetItem(
                    get -> get.requestItems(Map.of(table, KeysAndAttributes.builder().keys(List.of(KEY)).build())));
            case "Scan" -> client.scan(scan -> scan.tableName(table));
            case "BatchWriteItem" -> client.batchWriteItem(write -> write.requestItems(
                    Map.of(table, List.of(WriteRequest.builder().deleteRequest(delete -> delete.key(KEY)).build()))));
            case "PutItem" -> client.putItem(put -> put.tableName(table).item(KEY));
            case "UpdateItem" -> client.updateItem(update -> update.tableName(table).key(KEY)
                    .updateExpression("SET tz = :tz").expressionAttributeValues(Map.of(":tz",
                            AttributeValue.fromS("UTC"))));
            case "DeleteItem" -> client.deleteItem(delete -> delete.tableName(table).key(KEY));
            case "Query" -> client.query(query -> query.tableName(table).keyConditionExpression("lookup = :lookup")
                    .expressionAttributeValues(Map.of(":lookup", KEY.get("lookup"))));
            case "TransactWriteItems" -> client.transactWriteItems(
                    write -> write.transactItems(put("1"), put("2"), put("3")));
            default -> throw new IllegalArgumentException("no such call: " + call);
        }
        return Map.of();
    }

    private TransactWriteItem put(String credential) {
        var item = key(EMPTY, credential);
        return TransactWriteItem.builder().put(put -> put.tableName(table).item(item)).build();
    }
}
