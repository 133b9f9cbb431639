package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.LocalTable;

class GetAccessTokenHandlerTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private final GetAccessTokenHandler handler = new GetAccessTokenHandler();

    @Test
    void tellsTheTokenThatTheCurrentUserHasAndNothingElse() {
        var userId = Invocation.signIn("jane@example.com").userId();

        var body = Invocation.ok(handler, Invocation.event("get-access-token", userId));

        assertThat(body.members()).containsOnlyKeys("access_token");
        assertThat(body.get("access_token")).isEqualTo(
                Invocation.ok(new GetCurrentUserHandler(), Invocation.event("get-current-user", userId))
                        .get("access_token"));
    }

    @Test
    void refusesABearer() {
        var userId = Invocation.signIn("client@example.com").userId();

        var response = Invocation.respond(handler,
                Invocation.event("get-access-token", userId).replace("SESSION", "BEARER"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @Test
    void aUserWhoIsGoneIsNotAuthenticated() {
        var response = Invocation.respond(handler, Invocation.event("get-access-token", "gone"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @Test
    void aTokenCopiedFromAnotherUsersItemIsAnOutageAndNeverShown() {
        var jane = Invocation.signIn("mallory@example.com").userId();
        var john = Invocation.signIn("victim@example.com").userId();
        var item = new java.util.HashMap<>(TABLE.item("USER#" + jane, "PROFILE").orElseThrow());
        item.putAll(Map.of("token", TABLE.item("USER#" + john, "PROFILE").orElseThrow().get("token"), "tz",
                AttributeValue.fromS("UTC")));
        TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(item));

        var response = Invocation.respond(handler, Invocation.event("get-access-token", jane));

        assertThat(response.getStatusCode()).isEqualTo(500);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Internal server error\"}");
    }
}
