package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.credential.OpaqueToken;
import usersapi.function.Invocation.SignedIn;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;

class EndSessionHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String NOT_FOUND = "{\"message\":\"Not Found\"}";

    private final EndSessionHandler handler = new EndSessionHandler(TABLES::variable);

    private static String id(SignedIn user) {
        return new OpaqueToken(user.sessionId()).sha256();
    }

    /** The event of this caller to end the session with this id. */
    private static JsonObject event(SignedIn caller, String id) {
        var event = Invocation.json(Invocation.event(TABLES.template().function("EndSession"), caller));
        return event.put("pathParameters", new JsonObject().put("id", id));
    }

    @Test
    void endsASessionAndTheCurrentOneToo() {
        var user = Invocation.signIn(TABLES, "ends@example.com");
        var other = Invocation.signInAgain(TABLES, user.userId());

        assertThat(Invocation.ok(handler, event(user, id(other)).toJson()).toJson())
                .isEqualTo("{\"message\":\"ok\"}");
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + other.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();

        Invocation.ok(handler, event(user, id(user)).toJson());
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isFalse();
        assertThat(Invocation.respond(handler, event(user, id(user)).toJson()).getBody()).isEqualTo(NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0000000000000000000000000000000000000000000000000000000000000000"})
    void doesNotFindWhatIsNoSessionOfTheCaller(String id) {
        var user = Invocation.signIn(TABLES, "seeks@example.com");
        var another = Invocation.signIn(TABLES, "another@example.com");
        var items = TABLES.items();

        for (var sought : new String[]{id, id(another), user.sessionId(), another.userId()}) {
            var response = Invocation.respond(handler, event(user, sought).toJson());
            assertThat(response.getStatusCode()).isEqualTo(404);
            assertThat(response.getBody()).isEqualTo(NOT_FOUND);
        }
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void needsTheSessionsCsrfToken() {
        var user = Invocation.signIn(TABLES, "forged@example.com");
        var event = event(user, id(user));
        event.object("requestContext").object("authorizer").put("csrfVerified", "false");

        assertThat(Invocation.respond(handler, event.toJson()).getStatusCode()).isEqualTo(403);
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
    }
}
