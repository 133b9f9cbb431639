package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.credential.OpaqueToken;
import usersapi.function.Invocation.SignedIn;
import usersapi.json.JsonObject;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;

class CreateTokenHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final CreateTokenHandler handler = new CreateTokenHandler(TABLES::variable);

    /** The answer to a user who asks for this token. */
    static JsonObject create(LocalTables tables, SignedIn user, String body) {
        return Invocation.ok(new CreateTokenHandler(tables::variable), event(tables, user, body));
    }

    private static String event(LocalTables tables, SignedIn user, String body) {
        return Invocation.json(Invocation.event(tables.template().function("CreateToken"), user)).put("body", body)
                .toJson();
    }

    @Test
    void makesOneTokenAlthoughItDoesNotKnowThatItHas() {
        var user = Invocation.signIn(TABLES, "unknown@example.com");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var distant = new CreateTokenHandler(
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
            // The slots are read. The transaction takes effect, its answer is lost twice, and its repetition meets another one.
            network.failNext(Fault.NONE, Fault.LOST_ANSWER, Fault.LOST_ANSWER, Fault.CONFLICT);

            Invocation.ok(distant, event(TABLES, user, "{\"label\":\"one\"}"));

            assertThat(network.transactions()).isEqualTo(3);
            assertThat((List<?>) Invocation.ok(new ListTokensHandler(TABLES::variable),
                    Invocation.event("list-tokens", user)).get("tokens")).hasSize(1);
        }
    }

    @Test
    void makesATokenThatIsValidFromThenOn() {
        var user = Invocation.signIn(TABLES, "makes@example.com");

        var made = create(TABLES, user, "{\"label\":\" my laptop \",\"expires_in_days\":30}");

        assertThat(made.members()).containsOnlyKeys("message", "id", "label", "created", "expires", "read_only",
                "access_token");
        assertThat(made.get("message")).isEqualTo("ok");
        assertThat(made.get("label")).isEqualTo("my laptop");
        assertThat(made.get("read_only")).isEqualTo(false);
        assertThat((long) made.get("expires") - (long) made.get("created")).isEqualTo(30 * 86_400);
        assertThat(made.string("access_token").flatMap(OpaqueToken::parse)).isPresent();
        assertThat(made.get("id")).isNotEqualTo(made.get("access_token"));
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, made.string("access_token").orElseThrow())).isTrue();
        assertThat(create(TABLES, user, "{\"label\":\"my laptop\"}").members()).containsEntry("expires", null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|body: empty", "[]|body: not a JSON object", "{}|label: must be a string",
            "{\"label\":\"a\",\"label\":\"b\"}|body: duplicate key \"label\"",
            "{\"label\":\" \"}|label: must have 1 to 100 characters",
            "{\"label\":\"a\\u202eb\"}|label: must not contain control characters or bidirectional controls",
            "{\"label\":\"a\",\"expires_in_days\":0}|expires_in_days: must be a whole number from 1 to 3650, or null",
            "{\"label\":\"a\",\"read_only\":1}|read_only: must be true or false"})
    void saysWhatToCorrect(String body, String detail) {
        var user = Invocation.signIn(TABLES, "errs@example.com");
        var items = TABLES.items();

        var response = Invocation.respond(handler, event(TABLES, user, body));

        assertThat(response.getStatusCode()).isEqualTo(400);
        assertThat(Invocation.json(response.getBody()).members()).containsEntry("message", "Unexpected error")
                .containsEntry("detail", detail);
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void refusesThe21st() {
        var user = Invocation.signIn(TABLES, "collects@example.com");
        for (int i = 0; i < 20; i++) {
            create(TABLES, user, "{\"label\":\"a\"}");
        }

        var response = Invocation.respond(handler, event(TABLES, user, "{\"label\":\"a\"}"));

        assertThat(response.getStatusCode()).isEqualTo(400);
        assertThat(response.getBody()).isEqualTo(
                "{\"message\":\"Unexpected error\",\"detail\":\"tokens: 20 at most; end one first\"}");
    }

    @Test
    void makesNoneForACallerWhoseSessionIsNotNamed() {
        var user = Invocation.signIn(TABLES, "unnamed@example.com");
        var items = TABLES.items();

        assertThat(Invocation.respond(handler,
                Invocation.eventWithoutSession(TABLES.template().function("CreateToken"), user)).getStatusCode())
                .isEqualTo(401);
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void makesNoneForASessionThatHasJustEnded() {
        var user = Invocation.signIn(TABLES, "gone@example.com");
        Invocation.invoke(new CloseSessionHandler(TABLES::variable),
                "{\"session_id\":\"%s\"}".formatted(user.sessionId()));
        var items = TABLES.items();

        assertThat(Invocation.respond(handler, event(TABLES, user, "{\"label\":\"a\"}")).getStatusCode())
                .isEqualTo(401);
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void tellsTheLogThatOneWasMadeAndNothingOfIt() {
        var user = Invocation.signIn(TABLES, "logs@example.com");

        var line = Invocation.log(handler, event(TABLES, user, "{\"label\":\"a secret project\"}")).getLast();

        assertThat(line.members()).containsEntry("account_event", "token_made").containsEntry("user_id", user.userId());
        assertThat(line.toJson()).doesNotContain("project");
    }
}
