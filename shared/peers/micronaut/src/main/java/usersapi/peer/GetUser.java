package usersapi.peer;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import io.micronaut.function.aws.MicronautRequestHandler;
import io.micronaut.json.JsonMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Answers the signed-in user, in Micronaut: one read of the table {@code USERS_TABLE}. */
public class GetUser extends MicronautRequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final String TABLE = System.getenv("USERS_TABLE");

    /** The answer. */
    @Serdeable
    record User(String externalId, String email) {}

    @Inject
    DynamoDbClient client;
    @Inject
    JsonMapper json;

    @Override
    public APIGatewayProxyResponseEvent execute(APIGatewayProxyRequestEvent event) {
        var id = event.getRequestContext().getAuthorizer().get("principalId");
        var item = client.getItem(get -> get.tableName(TABLE).consistentRead(true)
                .key(Map.of("id", AttributeValue.fromS("user#" + id)))).item();
        try {
            return new APIGatewayProxyResponseEvent().withStatusCode(200)
                    .withHeaders(Map.of("Content-Type", "application/json"))
                    .withBody(json.writeValueAsString(
                            new User(item.get("external_id").s(), item.get("email").s())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
