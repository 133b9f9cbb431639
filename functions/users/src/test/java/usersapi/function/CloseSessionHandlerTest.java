package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.standin.Events;
import usersapi.testing.LocalTables;

class CloseSessionHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final List<String> CLEARED = List.of(
            "sessionid=; Path=/; Max-Age=0; Secure; SameSite=Lax; HttpOnly",
            "csrftoken=; Path=/; Max-Age=0; Secure; SameSite=Lax");

    private final CloseSessionHandler handler = new CloseSessionHandler(TABLES::variable);

    @Test
    void endsTheSessionAndGivesTheCookiesThatClearTheBrowsers() {
        var session = Invocation.signIn(TABLES, "jane@example.com");
        var other = Invocation.signInAgain(TABLES, session.userId());
        int items = TABLES.items().size();

        var closed = Invocation.invoke(handler, "{\"session_id\":\"" + session.sessionId() + "\"}");

        assertThat(closed.get("message")).isEqualTo("ok");
        assertThat(closed.get("cookies")).isEqualTo(CLEARED);
        assertThat(TABLES.items()).hasSize(items - 2);
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + session.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + other.sessionId())).isTrue();
    }

    @Test
    void aSessionThatIsNotThereCountsAsClosed() {
        assertThat(Invocation.invoke(handler, Events.read("close-session")).get("cookies")).isEqualTo(CLEARED);
        assertThat(Invocation.invoke(handler, "{\"session_id\":\"malformed\"}").get("cookies")).isEqualTo(CLEARED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"session_id\":null}", "{\"session_id\":7}"})
    void asksForASession(String event) {
        assertThat(Invocation.invoke(handler, event).toJson())
                .isEqualTo("{\"message\":\"Unexpected error\",\"detail\":\"session_id: required\"}");
    }
}
