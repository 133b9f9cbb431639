package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.LocalTables;

class RevokeSessionsHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final RevokeSessionsHandler handler = new RevokeSessionsHandler();

    @Test
    void endsEverySessionOfTheUserAndNobodyElses() {
        var first = Invocation.signIn("jane@example.com");
        var second = Invocation.signInAgain(first.userId());
        var other = Invocation.signIn("john@example.com");

        assertThat(Invocation.invoke(handler, Invocation.event("revoke-sessions", first.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":2}");

        assertThat(AuthorizerHandlerTest.isAllowed("sessionid=" + first.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed("sessionid=" + second.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed("sessionid=" + other.sessionId())).isTrue();
        var next = Invocation.signInAgain(first.userId());
        assertThat(AuthorizerHandlerTest.isAllowed("sessionid=" + next.sessionId())).isTrue();
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
