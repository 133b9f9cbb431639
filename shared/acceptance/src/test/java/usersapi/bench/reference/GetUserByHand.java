package usersapi.bench.reference;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The function of {@code shared/peers} without a framework: one read of the table {@code USERS_TABLE}. */
public final class GetUserByHand implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private final String table = System.getenv("USERS_TABLE");
    private final DynamoDbClient client = DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build();

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        var id = event.getRequestContext().getAuthorizer().get("principalId");
        var item = client.getItem(get -> get.tableName(table).consistentRead(true)
                .key(Map.of("id", AttributeValue.fromS("user#" + id)))).item();
        return new APIGatewayProxyResponseEvent().withStatusCode(200)
                .withHeaders(Map.of("Content-Type", "application/json"))
                .withBody("{\"externalId\":\"" + item.get("external_id").s() + "\",\"email\":\""
                        + item.get("email").s() + "\"}");
    }
}
