package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;

class GetCurrentUserHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final GetCurrentUserHandler handler = new GetCurrentUserHandler(TABLES::variable);

    @Test
    void tellsWhoIsSignedInAndTheAccessToken() {
        var user = Invocation.signIn(TABLES, "jane@example.com");

        var response = Invocation.respond(handler, Invocation.event("get-current-user", user.userId()));

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getHeaders()).containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store").containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Access-Control-Allow-Origin", "https://app.example.com");
        assertThat(response.getBody()).matches(
                "\\{\"external_id\":\"%s\",\"email\":\"jane@example.com\",\"is_authenticated\":true,\"access_token\":\"[A-Za-z0-9_-]{43}\"}"
                        .formatted(user.userId()));
    }

    @Test
    void answersABearerToo() {
        var user = Invocation.signIn(TABLES, "client@example.com");
        var event = Invocation.event("get-current-user", user.userId()).replace("SESSION", "BEARER");

        assertThat(Invocation.ok(handler, event).string("email")).contains("client@example.com");
    }

    @Test
    void showsANamedTokenItselfAndNotTheDefaultOne() {
        var user = Invocation.signIn(TABLES, "limited@example.com");
        var named = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}");
        var event = Invocation.json(Invocation.event("get-current-user", user.userId()));
        event.object("requestContext").object("authorizer").put("credential", "BEARER").put("credentialId",
                named.get("id"));
        event.put("multiValueHeaders",
                new JsonObject().put("authorization", List.of("Bearer " + named.get("access_token"))));

        assertThat(Invocation.ok(handler, event.toJson()).get("access_token")).isEqualTo(named.get("access_token"));
        event.put("multiValueHeaders", new JsonObject()).put("headers", null);
        assertThat(Invocation.ok(handler, event.toJson()).members()).as("never another one")
                .containsEntry("access_token", null);
    }

    @Test
    void aUserWhoIsGoneIsNotAuthenticated() {
        var response = Invocation.respond(handler, Invocation.event("get-current-user", "gone"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @Test
    void usersNeverSeeEachOthersData() {
        var one = Invocation.ok(handler,
                Invocation.event("get-current-user", Invocation.signIn(TABLES, "one@example.com").userId()));
        var two = Invocation.ok(handler,
                Invocation.event("get-current-user", Invocation.signIn(TABLES, "two@example.com").userId()));

        assertThat(one.string("email")).contains("one@example.com");
        assertThat(two.string("email")).contains("two@example.com");
        assertThat(one.get("access_token")).isNotEqualTo(two.get("access_token"));
    }
}
