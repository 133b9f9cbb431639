package usersapi.peer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Answers the signed-in user, in Quarkus: one read of the table {@code USERS_TABLE}. */
public final class GetUser implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final String TABLE = System.getenv("USERS_TABLE");

    /** The answer. */
    record User(String externalId, String email) {}

    @Inject
    DynamoDbClient client;
    @Inject
    ObjectMapper json;

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        var id = event.getRequestContext().getAuthorizer().get("principalId");
        var item = client.getItem(get -> get.tableName(TABLE).consistentRead(true)
                .key(Map.of("id", AttributeValue.fromS("user#" + id)))).item();
        try {
            return new APIGatewayProxyResponseEvent().withStatusCode(200)
                    .withHeaders(Map.of("Content-Type", "application/json"))
                    .withBody(json.writeValueAsString(
                            new User(item.get("external_id").s(), item.get("email").s())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
