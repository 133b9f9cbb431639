package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.credential.OpaqueToken;
import usersapi.testing.Exchange;

/** A user lists sessions and ends them. */
class SessionsApiTest {

    private static final String SESSIONS = "/api/users/sessions/";
    private static final String OK = "{\"message\":\"ok\"}";
    private static final String NOT_AUTHENTICATED = "{\"message\":\"Not authenticated\"}";
    private static final String NOT_FOUND = "{\"message\":\"Not Found\"}";

    private static List<JsonNode> sessions(SignedIn user) {
        var reply = user.request("GET", SESSIONS).send();
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().path("sessions").valueStream().toList();
    }

    private static String id(SignedIn user) {
        return sessions(user).stream().filter(session -> session.path("current").asBoolean()).findFirst().orElseThrow()
                .path("id").asText();
    }

    private static boolean isOpen(SignedIn user) {
        return user.request("GET", "/api/users/me/").send().status() == 200;
    }

    private static void assertReply(Exchange request, int status, String body) {
        var reply = request.send();
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).isEqualTo(body);
    }

    @Test
    void listsTheSessionsOfTheCallerWithTheNewestFirst() {
        var first = SignedIn.as("sessions-list@example.com");
        var second = SignedIn.as("sessions-list@example.com");

        var listed = sessions(first);

        assertThat(listed).extracting(session -> session.path("id").asText()).containsExactly(id(second), id(first));
        assertThat(listed).extracting(session -> session.path("current").asBoolean()).containsExactly(false, true);
        assertThat(listed).allSatisfy(session -> {
            assertThat(session.path("created").isIntegralNumber()).isTrue();
            assertThat(session.path("last_seen").asLong()).isEqualTo(session.path("created").asLong());
            assertThat(session.path("expires").asLong() - session.path("created").asLong()).isEqualTo(14 * 86_400);
        });
    }

    @Test
    void anIdIsNoCredential() {
        var user = SignedIn.as("sessions-id@example.com");
        var id = id(user);

        assertThat(id).isNotEqualTo(user.session());
        assertReply(Exchange.of(RunningApi.uri(), "GET", SESSIONS).header("Cookie", "sessionid=" + id), 401,
                NOT_AUTHENTICATED);
        assertReply(Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Authorization", "Bearer " + id), 401,
                NOT_AUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/users/sessions/%s/", "/api/users/sessions/%s", "//api/users//sessions/%s/?a=b"})
    void endsOneAtOnceAndNoOther(String path) {
        var user = SignedIn.as("sessions-end@example.com");
        var other = SignedIn.as("sessions-end@example.com");
        var request = path.formatted(id(other));

        assertReply(user.changing("DELETE", request), 200, OK);

        assertThat(isOpen(other)).isFalse();
        assertThat(isOpen(user)).isTrue();
        assertThat(sessions(user)).extracting(session -> session.path("id").asText()).doesNotContain(
                new OpaqueToken(other.session()).sha256());
        assertReply(user.changing("DELETE", request), 404, NOT_FOUND);
    }

    @Test
    void endsTheCurrentOneByItsId() {
        var user = SignedIn.as("sessions-current@example.com");

        assertReply(user.changing("DELETE", SESSIONS + id(user) + "/"), 200, OK);

        assertThat(isOpen(user)).isFalse();
        assertReply(user.changing("DELETE", SESSIONS + "x/"), 401, NOT_AUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0000000000000000000000000000000000000000000000000000000000000000", "%2e%2e",
            "a%2fb", "*", "{id}", "current", "é"})
    void findsNoOtherId(String id) {
        var user = SignedIn.as("sessions-unknown@example.com");
        var before = RunningApi.items();

        assertReply(
                user.changing("DELETE",
                        SESSIONS + id.replace("{", "%7B").replace("}", "%7D").replace("é", "%C3%A9") + "/"),
                404, NOT_FOUND);
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void findsNoSessionOfAnotherUser() {
        var user = SignedIn.as("sessions-thief@example.com");
        var other = SignedIn.as("sessions-victim@example.com");
        var path = SESSIONS + id(other) + "/";
        var before = RunningApi.items();

        assertReply(user.changing("DELETE", path), 404, NOT_FOUND);

        assertThat(RunningApi.items()).isEqualTo(before);
        assertThat(isOpen(other)).isTrue();
    }

    @Test
    void endAllButTheCurrentOne() {
        var user = SignedIn.as("sessions-others@example.com");
        var others = List.of(SignedIn.as("sessions-others@example.com"), SignedIn.as("sessions-others@example.com"));
        var bystander = SignedIn.as("sessions-bystander@example.com");

        assertReply(user.changing("DELETE", SESSIONS), 200, OK);

        assertThat(others).noneMatch(SessionsApiTest::isOpen);
        assertThat(isOpen(user)).isTrue();
        assertThat(isOpen(bystander)).isTrue();
        assertThat(sessions(user)).hasSize(1);
        assertReply(user.changing("DELETE", SESSIONS), 200, OK);
    }

    @Test
    void endBySigningOutWhichClearsTheBrowser() {
        var user = SignedIn.as("sessions-sign-out@example.com");
        var other = SignedIn.as("sessions-sign-out@example.com");

        var reply = user.changing("POST", "/api/users/sign-out/").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo(OK);
        assertThat(reply.headers("Set-Cookie")).containsExactly(
                "sessionid=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly", "csrftoken=; Path=/; Max-Age=0; SameSite=Lax");
        assertThat(reply.headers("Clear-Site-Data")).containsExactly("\"cache\", \"storage\"");
        assertThat(isOpen(user)).isFalse();
        assertThat(isOpen(other)).isTrue();
    }

    @Test
    void areNotSignedOutOfByAnythingElse() {
        var user = SignedIn.as("sessions-stay@example.com");
        var bearer = "Bearer " + user.accessToken();
        for (var request : List.of(Exchange.of(RunningApi.uri(), "POST", "/api/users/sign-out/"),
                Exchange.of(RunningApi.uri(), "POST", "/api/users/sign-out/").header("Authorization", bearer),
                user.changing("POST", "/api/users/sign-out/").header("Authorization", bearer),
                user.request("POST", "/api/users/sign-out/"))) {
            var reply = request.send();
            assertThat(reply.status()).isIn(401, 403);
            assertThat(reply.headers("Set-Cookie")).isEmpty();
            assertThat(reply.headers("Clear-Site-Data")).isEmpty();
        }
        assertThat(user.request("POST", "/api/users/sign-out/").send().status()).isEqualTo(403);
        assertThat(isOpen(user)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/sessions/", "DELETE,/api/users/sessions/ID/", "DELETE,/api/users/sessions/",
            "POST,/api/users/sign-out/"})
    void takeASessionOnly(String method, String path) {
        var user = SignedIn.as("sessions-bearer@example.com");
        var at = path.replace("ID", id(user));

        assertReply(Exchange.of(RunningApi.uri(), method, at), 401, NOT_AUTHENTICATED);
        assertReply(Exchange.of(RunningApi.uri(), method, at).header("Authorization", "Bearer " + user.accessToken()),
                401, NOT_AUTHENTICATED);
        assertReply(user.changing(method, at).header("Authorization", "Bearer " + user.accessToken()), 401,
                NOT_AUTHENTICATED);
        assertThat(isOpen(user)).isTrue();
    }

    @Test
    void needTheCsrfTokenToEndOne() {
        var user = SignedIn.as("sessions-csrf@example.com");
        var path = SESSIONS + id(user) + "/";

        assertThat(user.request("DELETE", path).send().status()).isEqualTo(403);
        assertThat(user.request("DELETE", SESSIONS).send().status()).isEqualTo(403);
        assertThat(user.changing("DELETE", path).header("Origin", "https://evil.example").send().status())
                .isEqualTo(403);
        assertThat(isOpen(user)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/users/sessions/", "/api/users/sessions/x/", "/api/users/tokens/x/",
            "/api/users/sign-out/"})
    void areKnownToPreflights(String path) {
        var reply = Exchange.of(RunningApi.uri(), "OPTIONS", path).header("Origin", RunningApi.uri().toString())
                .header("Access-Control-Request-Method", "DELETE").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Methods")).contains("GET,POST,PATCH,DELETE,OPTIONS");
    }
}
