package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

class RevokeSessionsHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final RevokeSessionsHandler handler = new RevokeSessionsHandler(TABLES::variable);

    @Test
    void endsEverySessionOfTheUserAndNobodyElses() {
        var first = Invocation.signIn(TABLES, "jane@example.com");
        var second = Invocation.signInAgain(TABLES, first.userId());
        var other = Invocation.signIn(TABLES, "john@example.com");

        assertThat(Invocation.invoke(handler, Invocation.event("revoke-sessions", first.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":2}");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + first.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + second.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + other.sessionId())).isTrue();
        var next = Invocation.signInAgain(TABLES, first.userId());
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + next.sessionId())).isTrue();
    }

    @Test
    void afterATheftTheAccessTokenEndsTooAndAnotherTakesItsPlace() {
        var user = Invocation.signIn(TABLES, "robbed@example.com");
        var stolen = shownToken(user.userId());

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"tokens\":true}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":1,\"tokens\":1}");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isFalse();
        assertThat(isOwned(stolen)).isFalse();
        assertThat(isOwned(shownToken(user.userId()))).isTrue();
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"nobody\",\"tokens\":true}").toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":0,\"tokens\":0}");
    }

    @Test
    void afterATheftTheNamedTokensEndToo() {
        var user = Invocation.signIn(TABLES, "robbed-of-more@example.com");
        var first = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}").get("access_token");
        var second = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\",\"expires_in_days\":1}")
                .get("access_token");

        assertThat(Invocation.invoke(handler, "{\"external_id\":\"%s\"}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":1}");
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, first.toString())).isTrue();
        assertThat(Invocation
                .invoke(handler, "{\"external_id\":\"%s\",\"tokens\":true}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":0,\"tokens\":3}");

        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, first.toString())).isFalse();
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, second.toString())).isFalse();
    }

    @Test
    void withoutTokensTheAccessTokenStays() {
        var user = Invocation.signIn(TABLES, "changed-password@example.com");
        var token = shownToken(user.userId());

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"tokens\":false}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":1}");

        assertThat(shownToken(user.userId())).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "1", "null", "[]", "{}"})
    void endsNothingWhereTokensIsNoBoolean(String tokens) {
        var user = Invocation.signIn(TABLES, "unclear@example.com");

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"tokens\":%s}".formatted(user.userId(), tokens)).toJson())
                .isEqualTo("{\"message\":\"Unexpected error\",\"detail\":\"tokens: must be true or false\"}");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
    }

    private static String shownToken(String userId) {
        return Invocation.ok(new GetAccessTokenHandler(TABLES::variable), Invocation.event("get-access-token", userId))
                .string("access_token").orElseThrow();
    }

    private static boolean isOwned(String token) {
        var sha256 = new OpaqueToken(token).sha256();
        return TABLES.item("Credentials", "token#" + sha256, "token#" + sha256).isPresent();
    }

    @Test
    void aUserWhoIsNotThereHasNone() {
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"nobody\"}").get("revoked")).isEqualTo(0L);
    }

    @Test
    void goesOnFromItsNextWhereTimeRanOutAndReplacesTheTokenAtTheEnd() {
        var user = Invocation.signIn(TABLES, "everywhere@example.com");
        var token = shownToken(user.userId());
        var expires = Long.toString(Instant.now().plusSeconds(1_000).getEpochSecond());
        for (int i = 0; i < 150; i++) {
            var id = "session#z%03d".formatted(i);
            TABLES.put("Credentials", Map.of("expires", AttributeValue.fromN(expires)), "user#" + user.userId(), id);
            TABLES.put("Credentials", Map.of("expires", AttributeValue.fromN(expires), "external_id",
                    AttributeValue.fromS(user.userId())), id, id);
        }
        var input = new JsonObject().put("external_id", user.userId()).put("tokens", true);

        var first = invokeLate(input);
        var second = invokeLate(input.put("from", first.string("next").orElseThrow()));

        assertThat(first.get("tokens")).as("through an open session a thief would read the new one").isEqualTo(0L);
        assertThat((Long) first.get("revoked") + (Long) second.get("revoked")).isEqualTo(151);
        assertThat(second.members()).containsEntry("tokens", 1L).doesNotContainKey("next");
        assertThat(isOwned(token)).isFalse();
        assertThat(TABLES.items("Credentials")).noneMatch(item -> item.toString().contains("session#")
                && item.toString().contains(user.userId()));
    }

    private JsonObject invokeLate(JsonObject input) {
        return Invocation.json(
                new RecordingContext("RevokeSessions", Duration.ofSeconds(29)).invoke(handler, input.toJson()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "7", "{}", "\"\""})
    void takesNoCursorThatItDidNotGive(String from) {
        var user = Invocation.signIn(TABLES, "cursor@example.com");

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"from\":%s}".formatted(user.userId(), from)).string("detail"))
                .contains("from: must be the next of an earlier answer to the same input");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":null}", "{\"external_id\":\"\"}", "{\"external_id\":7}"})
    void asksForAUser(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("external_id: must be a user's external id");
    }
}
