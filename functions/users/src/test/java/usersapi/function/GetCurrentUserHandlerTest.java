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

        var response = Invocation.respond(handler, Invocation.event("get-current-user", user));

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
        var token = Invocation.shownToken(TABLES, user);

        var answer = Invocation.ok(handler, byBearer(user.userId(), token));

        assertThat(answer.string("email")).contains("client@example.com");
        assertThat(answer.string("access_token")).contains(token);
    }

    @Test
    void aTokenThatWasReplacedAfterItWasAllowedIsNotShownTheNewOne() {
        var user = Invocation.signIn(TABLES, "robbed@example.com");
        var allowed = byBearer(user.userId(), Invocation.shownToken(TABLES, user));
        Invocation.ok(new RegenerateAccessTokenHandler(TABLES::variable),
                Invocation.event("regenerate-access-token", user));

        assertThat(Invocation.respond(handler, allowed).getStatusCode()).isEqualTo(401);
        assertThat(Invocation.respond(handler, allowed).getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    private static String byBearer(String userId, String token) {
        var event = Invocation.json(Invocation.event("get-current-user", userId));
        event.object("requestContext").object("authorizer").put("credential", "BEARER").put("credentialId", null);
        return event.put("multiValueHeaders", new JsonObject().put("Authorization", List.of("Bearer " + token)))
                .toJson();
    }

    @Test
    void showsANamedTokenItselfAndNotTheDefaultOne() {
        var user = Invocation.signIn(TABLES, "limited@example.com");
        var named = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}");
        var event = Invocation.json(Invocation.event("get-current-user", user));
        event.object("requestContext").object("authorizer").put("credential", "BEARER").put("credentialId",
                named.get("id"));
        event.put("multiValueHeaders",
                new JsonObject().put("authorization", List.of("Bearer " + named.get("access_token"))));

        assertThat(Invocation.ok(handler, event.toJson()).get("access_token")).isEqualTo(named.get("access_token"));
        event.put("multiValueHeaders", new JsonObject().put("authorization",
                List.of("Bearer " + Invocation.shownToken(TABLES, user))));
        assertThat(Invocation.ok(handler, event.toJson()).members()).as("never another one")
                .containsEntry("access_token", null);
        event.put("multiValueHeaders", new JsonObject()).put("headers", null);
        assertThat(Invocation.ok(handler, event.toJson()).members()).as("never another one")
                .containsEntry("access_token", null);
    }

    @Test
    void showsNothingToASessionThatHasJustEnded() {
        var user = Invocation.signIn(TABLES, "ended@example.com");
        Invocation.signOut(TABLES, user);

        var response = Invocation.respond(handler, Invocation.event("get-current-user", user));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
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
                Invocation.event("get-current-user", Invocation.signIn(TABLES, "one@example.com")));
        var two = Invocation.ok(handler,
                Invocation.event("get-current-user", Invocation.signIn(TABLES, "two@example.com")));

        assertThat(one.string("email")).contains("one@example.com");
        assertThat(two.string("email")).contains("two@example.com");
        assertThat(one.get("access_token")).isNotEqualTo(two.get("access_token"));
    }
}
