package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.Exchange;

/** The login service's stand-in. */
class StandInsTest {

    private static Exchange signIn(String body) {
        return Exchange.of(RunningApi.uri(), "POST", "/local/sign-in").body(body);
    }

    @Test
    void isReady() {
        assertThat(Exchange.of(RunningApi.uri(), "GET", "/local/health").send().status()).isEqualTo(200);
    }

    @Test
    void setsBothCookiesInAWayThatPlainHttpAllows() {
        var reply = signIn("{\"email\": \"stand-in@example.com\"}").send();

        assertThat(reply.status()).isEqualTo(200);
        var body = reply.json();
        assertThat(reply.headers("Set-Cookie")).hasSize(2).noneMatch(cookie -> cookie.contains("Secure"))
                .anyMatch(cookie -> cookie.startsWith("sessionid=%s; ".formatted(body.path("session_id").asText()))
                        && cookie.contains("HttpOnly"))
                .anyMatch(cookie -> cookie.startsWith("csrftoken=%s; ".formatted(body.path("csrf_token").asText()))
                        && !cookie.contains("HttpOnly"));
        assertThat(body.fieldNames()).toIterable().containsExactly("external_id", "session_id", "csrf_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"email\": 1}", "{\"email\": \"nobody\"}"})
    void refusesToSignNobodyIn(String body) {
        var before = RunningApi.items();

        var reply = signIn(body).send();

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("message").asText()).isNotEmpty();
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name=%zz&megabytes=1", "name=a&megabytes=%"})
    void writesNoFileOfAFormThatCannotBeRead(String form) {
        var user = SignedIn.as("form@example.com");
        var before = RunningApi.items();

        assertThat(user.request("POST", "/local/files/").body(form).send().status()).isEqualTo(400);
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void letsNoOtherSitesPageSignItsVisitorIn() {
        var before = RunningApi.items();

        var reply = signIn("{\"email\": \"evil@example.com\"}").header("Origin", "https://evil.example").send();

        assertThat(reply.status()).isEqualTo(403);
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void clearsBothCookies() {
        var user = SignedIn.as("leaving@example.com");

        var reply = user.request("POST", "/local/sign-out").send();

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.headers("Set-Cookie")).hasSize(2).allMatch(cookie -> cookie.contains("Max-Age=0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionid=\"%s\"", "sessionid=\t%s"})
    void signsOutTheSessionThatTheApiSees(String cookie) {
        var user = SignedIn.as("quoted@example.com");

        assertThat(Exchange.of(RunningApi.uri(), "POST", "/local/sign-out")
                .header("Cookie", cookie.formatted(user.session())).send().status()).isEqualTo(204);

        assertThat(user.request("GET", "/api/users/me/").send().status()).isEqualTo(401);
    }

    @Test
    void writesNoFileOfAPathThatCannotBeRead() throws IOException {
        var session = SignedIn.as("path@example.com").session();
        var request = new RawRequest("PUT", "/local/files/%u0041", List.of(),
                "{\"size\": 1, \"status\": \"AVAILABLE\"}")
                .with("Host", "127.0.0.1").with("Cookie", "sessionid=" + session);

        try (var connection = new Connection(RunningApi.uri().getPort())) {
            assertThat(connection.send(request).status()).isEqualTo(400);
        }
    }

    @Test
    void signsNobodyOutWithoutCookie() {
        assertThat(Exchange.of(RunningApi.uri(), "POST", "/local/sign-out").send().status()).isEqualTo(401);
    }
}
