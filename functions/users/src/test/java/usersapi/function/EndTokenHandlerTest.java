package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.credential.OpaqueToken;
import usersapi.function.Invocation.SignedIn;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;

class EndTokenHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final EndTokenHandler handler = new EndTokenHandler(TABLES::variable);

    private static String event(SignedIn caller, String id) {
        return Invocation.json(Invocation.event(TABLES.template().function("EndToken"), caller))
                .put("pathParameters", new JsonObject().put("id", id)).toJson();
    }

    @Test
    void endsATokenAtOnceAndNoOther() {
        var user = Invocation.signIn(TABLES, "ends@example.com");
        var token = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}");
        var other = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}");
        var event = event(user, token.string("id").orElseThrow());

        assertThat(Invocation.log(handler, event).getLast().members()).containsEntry("account_event", "token_ended");

        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, token.string("access_token").orElseThrow())).isFalse();
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, other.string("access_token").orElseThrow())).isTrue();
        assertThat(Invocation.respond(handler, event).getBody()).isEqualTo("{\"message\":\"Not Found\"}");
    }

    @Test
    void findsNeitherAnothersNorTheDefaultOneNorASession() {
        var user = Invocation.signIn(TABLES, "seeks@example.com");
        var another = Invocation.signIn(TABLES, "another@example.com");
        var theirs = CreateTokenHandlerTest.create(TABLES, another, "{\"label\":\"a\"}");
        var standard = Invocation.shownToken(TABLES, user);
        var items = TABLES.items();

        for (var id : new String[]{theirs.string("id").orElseThrow(), new OpaqueToken(standard).sha256(),
                new OpaqueToken(user.sessionId()).sha256(), standard, "", "x"}) {
            assertThat(Invocation.respond(handler, event(user, id)).getStatusCode()).isEqualTo(404);
        }
        assertThat(TABLES.items()).isEqualTo(items);
    }
}
