package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.credential.OpaqueToken;
import usersapi.function.Invocation.SignedIn;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;

class ListSessionsHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final ListSessionsHandler handler = new ListSessionsHandler(TABLES::variable);

    private static String id(SignedIn user) {
        return new OpaqueToken(user.sessionId()).sha256();
    }

    @Test
    void saysOfEachSessionWhenItWasUsedAndWhichIsTheCurrentOne() {
        var user = Invocation.signIn(TABLES, "lists@example.com");
        var other = Invocation.signInAgain(TABLES, user.userId());
        Invocation.signIn(TABLES, "bystander@example.com");

        var body = Invocation.ok(handler, Invocation.event(TABLES.template().function("ListSessions"), user));

        assertThat(body.members()).containsOnlyKeys("sessions");
        var sessions = ((List<?>) body.get("sessions")).stream().map(JsonObject.class::cast).toList();
        assertThat(sessions).extracting(session -> session.get("id")).containsExactlyInAnyOrder(id(user), id(other));
        assertThat(sessions).allSatisfy(session -> {
            assertThat(session.members()).containsOnlyKeys("id", "created", "last_seen", "expires", "current");
            assertThat(session.get("last_seen")).isEqualTo(session.get("created"));
            assertThat((long) session.get("expires") - (long) session.get("created")).isEqualTo(14 * 86_400);
            assertThat(session.get("current")).isEqualTo(session.get("id").equals(id(user)));
        });
    }

    @Test
    void refusesABearer() {
        var event = Invocation.json(Invocation.event("list-sessions", "nobody"));
        event.object("requestContext").object("authorizer").put("credential", "BEARER");

        var response = Invocation.respond(handler, event.toJson());

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo(new JsonObject().put("message", "Not authenticated").toJson());
        assertThat(response.getHeaders()).containsAllEntriesOf(Map.of("Cache-Control", "no-store"));
    }
}
