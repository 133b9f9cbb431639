package usersapi.bench.reference;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A function as it would be without this project's core: with Lambda's event classes and the low-level client, without
 * injection. It makes only the calls of DynamoDB that {@code CALLS} names, separated by spaces, on the table
 * {@code BY_HAND_TABLE}.
 */
public final class ByHand implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final Map<String, AttributeValue> KEY = Map.of("lookup", AttributeValue.fromS("BY#HAND"),
            "credential",
            AttributeValue.fromS("BY#HAND"));

    private final String table;
    private final String[] calls;
    private final DynamoDbClient client;

    /** Called by Lambda. */
    public ByHand() {
        this(DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build(),
                System.getenv("BY_HAND_TABLE"), System.getenv("CALLS"));
    }

    /** Makes a function with these calls on this table. */
    public ByHand(DynamoDbClient client, String table, String calls) {
        this.client = client;
        this.table = table;
        this.calls = calls.split(" ");
    }

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        for (var call : calls) {
            make(call);
        }
        return new APIGatewayProxyResponseEvent().withStatusCode(200)
                .withHeaders(Map.of("Content-Type", "application/json"))
                .withBody("{\"path\":\"" + event.getPath() + "\"}");
    }

    private void make(String call) {
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
    }

    private TransactWriteItem put(String credential) {
        var item = Map.of("lookup", KEY.get("lookup"), "credential", AttributeValue.fromS(credential));
        return TransactWriteItem.builder().put(put -> put.tableName(table).item(item)).build();
    }
}
