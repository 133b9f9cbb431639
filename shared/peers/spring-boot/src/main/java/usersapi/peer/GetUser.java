package usersapi.peer;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.Map;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.ObjectMapper;

/** Answers the signed-in user, in Spring Boot: one read of the table {@code USERS_TABLE}. */
@Component
public class GetUser implements Function<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final String TABLE = System.getenv("USERS_TABLE");

    /** The answer. */
    record User(String externalId, String email) {}

    private final DynamoDbClient client;
    private final ObjectMapper json;

    GetUser(DynamoDbClient client, ObjectMapper json) {
        this.client = client;
        this.json = json;
    }

    @Override
    public APIGatewayProxyResponseEvent apply(APIGatewayProxyRequestEvent event) {
        var id = event.getRequestContext().getAuthorizer().get("principalId");
        var item = client.getItem(get -> get.tableName(TABLE).consistentRead(true)
                .key(Map.of("id", AttributeValue.fromS("user#" + id)))).item();
        return new APIGatewayProxyResponseEvent().withStatusCode(200)
                .withHeaders(Map.of("Content-Type", "application/json"))
                .withBody(json.writeValueAsString(new User(item.get("external_id").s(), item.get("email").s())));
    }
}
