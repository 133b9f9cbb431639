package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.testing.LocalTables;

class SignOutHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final SignOutHandler handler = new SignOutHandler(TABLES::variable);

    @Test
    void endsTheSessionAndClearsTheBrowser() {
        var user = Invocation.signIn(TABLES, "leaves@example.com");
        var other = Invocation.signInAgain(TABLES, user.userId());
        var event = Invocation.event(TABLES.template().function("SignOut"), user);

        var response = Invocation.respond(handler, event);

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"ok\"}");
        assertThat(response.getMultiValueHeaders().get("Set-Cookie")).containsExactly(
                "sessionid=; Path=/; Max-Age=0; Secure; SameSite=Lax; HttpOnly",
                "csrftoken=; Path=/; Max-Age=0; Secure; SameSite=Lax");
        assertThat(response.getHeaders().get("Clear-Site-Data"))
                .isEqualTo("\"cache\", \"storage\"");
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + other.sessionId())).isTrue();
        assertThat(Invocation.respond(handler, event).getStatusCode()).as("whose session has just ended")
                .isEqualTo(200);
        assertThat(Invocation.log(handler, event).getLast().members()).containsEntry("account_event", "signed_out");
    }

    @Test
    void saysWhereToSignOutOfTheProviderTooIfThatIsConfigured() {
        var user = Invocation.signIn(TABLES, "leaves-the-provider@example.com");
        var too = new SignOutHandler(TABLES.variables(Map.of("OIDC_SIGN_OUT", "true"))::get);

        var response = Invocation.respond(too, Invocation.event(TABLES.template().function("SignOut"), user));

        assertThat(response.getBody())
                .isEqualTo("{\"message\":\"ok\",\"url\":\"https://app.example.com/api/auth/sign-out/\"}");
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isFalse();
    }

    @Test
    void refusesACallerWhoseSessionIsNotNamed() {
        var user = Invocation.signIn(TABLES, "unnamed@example.com");

        assertThat(Invocation.respond(handler,
                Invocation.eventWithoutSession(TABLES.template().function("SignOut"), user)).getStatusCode())
                .isEqualTo(401);

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
    }

    @Test
    void doesNotStartWithAnythingButAYesOrNo() {
        var variables = TABLES.variables(Map.of("OIDC_SIGN_OUT", "yes"));

        assertThatIllegalStateException().isThrownBy(() -> new SignOutHandler(variables::get))
                .withMessageContaining("OIDC_SIGN_OUT must be true or false");
    }

    @Test
    void clearsNothingWithoutASession() {
        var event = Invocation.json(Invocation.event("sign-out", "nobody"));
        event.object("requestContext").put("authorizer", null);

        var response = Invocation.respond(handler, event.toJson());

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getMultiValueHeaders()).isNull();
    }
}
