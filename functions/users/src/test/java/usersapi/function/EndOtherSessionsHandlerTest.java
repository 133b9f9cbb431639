package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.testing.LocalTables;

class EndOtherSessionsHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final EndOtherSessionsHandler handler = new EndOtherSessionsHandler(TABLES::variable);

    @Test
    void endsAllSessionsOfTheUserButTheCurrentOne() {
        var user = Invocation.signIn(TABLES, "ends@example.com");
        var others = new Invocation.SignedIn[]{Invocation.signInAgain(TABLES, user.userId()),
                Invocation.signInAgain(TABLES, user.userId())};
        var bystander = Invocation.signIn(TABLES, "bystander@example.com");
        var event = Invocation.event(TABLES.template().function("EndOtherSessions"), user);

        var line = Invocation.log(handler, event).getLast();

        assertThat(line.members()).containsEntry("account_event", "other_sessions_ended").containsEntry("ended", 2L)
                .containsEntry("user_id", user.userId());
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + bystander.sessionId())).isTrue();
        for (var other : others) {
            assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + other.sessionId())).isFalse();
        }
        assertThat(Invocation.ok(handler, event).toJson()).isEqualTo("{\"message\":\"ok\"}");
    }

    @Test
    void endsNothingWhereItDoesNotKnowTheCurrentOne() {
        var user = Invocation.signIn(TABLES, "unknown@example.com");
        var event = Invocation.json(Invocation.event(TABLES.template().function("EndOtherSessions"), user));
        event.object("requestContext").object("authorizer").put("credentialId", null);

        assertThat(Invocation.respond(handler, event.toJson()).getStatusCode()).isEqualTo(401);
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
    }
}
