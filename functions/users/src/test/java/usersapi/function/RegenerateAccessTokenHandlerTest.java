package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;

class RegenerateAccessTokenHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final RegenerateAccessTokenHandler handler = new RegenerateAccessTokenHandler(TABLES::variable);
    private final GetAccessTokenHandler shown = new GetAccessTokenHandler(TABLES::variable);

    @Test
    void givesANewTokenWhichIsTheOneShownFromThenOn() {
        var user = Invocation.signIn(TABLES, "jane@example.com");
        var old = Invocation.ok(shown, Invocation.event("get-access-token", user));

        var body = Invocation.ok(handler, Invocation.event("regenerate-access-token", user));

        assertThat(body.members()).containsOnlyKeys("access_token");
        assertThat(body.string("access_token").orElseThrow()).matches("[A-Za-z0-9_-]{43}")
                .isNotEqualTo(old.get("access_token"));
        assertThat(Invocation.ok(shown, Invocation.event("get-access-token", user)).toJson())
                .isEqualTo(body.toJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "\"csrfVerified\": \"true\"|\"csrfVerified\": \"false\"|403",
            "https://app.example.com|https://evil.example|403", "SESSION|BEARER|401",
            "\"principalId\"|\"somebodyElse\"|401"})
    void aRefusedRequestChangesNothing(String right, String wrong, int status) {
        var user = Invocation.signIn(TABLES, "refused@example.com");
        var items = TABLES.items();

        var response = Invocation.respond(handler,
                Invocation.event("regenerate-access-token", user).replace(right, wrong));

        assertThat(response.getStatusCode()).isEqualTo(status);
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void answersTheTokenThatItHasWrittenAlthoughItDoesNotKnow() {
        var user = Invocation.signIn(TABLES, "unknown@example.com");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var distant = new RegenerateAccessTokenHandler(
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
            // The ticket is added. The transaction takes effect, its answer is lost twice, and its repetition meets another one.
            network.failNext(Fault.NONE, Fault.LOST_ANSWER, Fault.LOST_ANSWER, Fault.CONFLICT);

            var body = Invocation.ok(distant, Invocation.event("regenerate-access-token", user));

            assertThat(network.transactions()).isEqualTo(3);
            assertThat(body.string("access_token")).contains(Invocation.shownToken(TABLES, user));
        }
    }

    @Test
    void replacesNothingForASessionThatHasJustEnded() {
        var user = Invocation.signIn(TABLES, "ended@example.com");
        Invocation.signOut(TABLES, user);
        var items = TABLES.items();

        var response = Invocation.respond(handler, Invocation.event("regenerate-access-token", user));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void aUserWhoIsGoneIsNotAuthenticated() {
        var response = Invocation.respond(handler, Invocation.event("regenerate-access-token", "gone"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @Test
    void withoutAKeyToEncryptWithNothingChanges() {
        var user = Invocation.signIn(TABLES, "keyless@example.com");
        var items = TABLES.items();
        var keyless = new RegenerateAccessTokenHandler(
                TABLES.variables(Map.of("TOKEN_KEY_SECRET", "no-such-secret"))::get);
        var event = Invocation.event("regenerate-access-token", user);

        assertThat(Invocation.respond(keyless, event).getStatusCode()).isEqualTo(500);
        assertThat(Invocation.respond(keyless, event).getBody())
                .isEqualTo("{\"message\":\"Internal server error\"}");
        assertThat(TABLES.items()).isEqualTo(items);
    }
}
