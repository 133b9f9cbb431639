package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.credential.OpaqueToken;
import usersapi.testing.LocalTables;

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
    void withoutThatTheAccessTokenStays() {
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

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":null}", "{\"external_id\":\"\"}", "{\"external_id\":7}"})
    void asksForAUser(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("external_id: must be a user's external id");
    }
}
