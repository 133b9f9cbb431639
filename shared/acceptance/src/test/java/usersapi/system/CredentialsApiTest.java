package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.Exchange;

/** Valid and invalid credentials, as a cookie and as a bearer token. */
class CredentialsApiTest {

    private static final String UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private final SignedIn user = SignedIn.as("credentials@example.com");

    private static Exchange me() {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/");
    }

    private static void assertRefused(Exchange request) {
        var reply = request.send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/me/,Not authenticated", "GET,/api/users/me,Not authenticated",
            "GET,/api/users/me/token/,Not authenticated", "POST,/api/users/me/token/regenerate/,Not authenticated",
            "PATCH,/api/users/settings/,Unauthorized"})
    void refusesWithTheSpecifiedMessage(String method, String path, String message) {
        var reply = Exchange.of(RunningApi.uri(), method, path).send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("{\"message\":\"%s\"}".formatted(message));
        assertThat(reply.header("Content-Type")).contains("application/json");
        assertThat(reply.header("Cache-Control")).contains("no-store");
        assertThat(reply.header("Access-Control-Allow-Origin")).contains(RunningApi.uri().toString());
        assertThat(reply.header("Access-Control-Allow-Credentials")).contains("true");
    }

    @Test
    void takesASessionsCookie() {
        assertThat(user.request("GET", "/api/users/me/").send().status()).isEqualTo(200);
    }

    @Test
    void takesACookieAmongOthersAndInQuotes() {
        assertThat(
                me().header("cookie", "a=b; sessionid=\"%s\"; sessionid2=c".formatted(user.session())).send().status())
                .isEqualTo(200);
        assertThat(me().header("Cookie", "a=b").header("Cookie", "sessionid=" + user.session()).send().status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionid=" + UNKNOWN, "sessionid=", "sessionid", "sessionid=\"\"", "sessionid=%00", "=",
            ";;",
            "SESSIONID=%s", "sessionid=%s%s", "sessionid=%s.", "sessionid=\"%s", "xsessionid=%s",
            "sessionid=%s; sessionid=" + UNKNOWN})
    void refusesAnyOtherCookie(String cookie) {
        assertRefused(me().header("Cookie", cookie.replace("%s", user.session())));
    }

    @Test
    void ignoresAnotherFrameworksCookieOfTheSameName() {
        var cookies = "sessionid=gxq2lbpwyu7d4c0mmw8h1f5kz6t9snae; sessionid=" + user.session();

        assertThat(me().header("Cookie", cookies).send().status()).isEqualTo(200);
    }

    /** The name is a key in the functions' event. */
    @Test
    void doesNotMindTheLengthOfNames() {
        var name = "n".repeat(3_000);

        assertRefused(Exchange.of(RunningApi.uri(), "GET", "/api/users/me/?" + name).header(name, "1"));
        assertThat(user.request("GET", "/api/users/me/?" + name).header(name, "1").send().status()).isEqualTo(200);
    }

    @Test
    void refusesASessionThatHasExpired() {
        RunningApi.items("Credentials").stream().filter(item -> item.get("lookup").s().startsWith("session#"))
                .filter(item -> item.get("external_id").s().equals(user.externalId()))
                .forEach(session -> RunningApi.put("Credentials", session,
                        Map.of("expires", AttributeValue.fromN("1"))));

        assertRefused(user.request("GET", "/api/users/me/"));
    }

    @Test
    void refusesASessionThatIsClosedAndNoOther() {
        var other = SignedIn.as("credentials@example.com");
        assertThat(user.request("POST", "/local/sign-out").send().status()).isEqualTo(204);

        assertRefused(user.request("GET", "/api/users/me/"));
        assertThat(other.request("GET", "/api/users/me/").send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER %s", "Bearer   %s"})
    void takesAnAccessTokenWhateverTheSchemesCase(String authorization) {
        assertThat(me().header("Authorization", authorization.formatted(user.accessToken())).send().status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer " + UNKNOWN, "Bearer", "Bearer ", "%s", "Basic %s", "Token %s", "Bearer %s.",
            "Bearer %s %s", "Bearer \"%s\"", "Bearer,%s"})
    void refusesAnyOtherAuthorization(String authorization) {
        assertRefused(me().header("Authorization", authorization.replace("%s", user.accessToken())));
    }

    @Test
    void looksAtNoCookieBesideAnAuthorization() {
        assertRefused(user.request("GET", "/api/users/me/").header("Authorization", "Bearer " + UNKNOWN));
    }

    @Test
    void takesASessionsIdForNoAccessTokenAndViceVersa() {
        assertRefused(me().header("Authorization", "Bearer " + user.session()));
        assertRefused(me().header("Cookie", "sessionid=" + user.accessToken()));
    }

    @Test
    void refusesVeryLongCredentials() {
        assertRefused(me().header("Authorization", "Bearer " + "A".repeat(9_000)));
        assertRefused(me().header("Cookie", "sessionid=" + "A".repeat(9_000)));
        assertThat(me().header("Cookie", "sessionid=" + "A".repeat(20_000)).send().status()).isEqualTo(431);
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/me/token/", "POST,/api/users/me/token/regenerate/"})
    void refusesAccessTokensWhereOnlyASessionWillDo(String method, String path) {
        var before = RunningApi.items();

        assertRefused(
                Exchange.of(RunningApi.uri(), method, path).header("Authorization", "Bearer " + user.accessToken()));
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void letsTheFrontendAskBeforehandWithoutCredential() {
        var reply = Exchange.of(RunningApi.uri(), "OPTIONS", "/api/users/settings/")
                .header("Origin", RunningApi.uri().toString()).header("Access-Control-Request-Method", "PATCH").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Origin")).contains(RunningApi.uri().toString());
        assertThat(reply.header("Access-Control-Allow-Credentials")).contains("true");
        assertThat(reply.header("Access-Control-Allow-Methods").orElse("")).contains("PATCH");
        assertThat(reply.header("Access-Control-Allow-Headers").orElse("")).contains("X-CSRFToken");
    }

    @ParameterizedTest
    @CsvSource({"GET,/nowhere.html", "POST,/nowhere", "POST,/", "GET,/api/users/", "GET,/api/users/you/",
            "DELETE,/api/users/me/",
            "PUT,/api/users/settings/", "GET,/api/users/me/token/regenerate/"})
    void doesNotKnowOtherPathsAndMethods(String method, String path) {
        var reply = user.changing(method, path).send();

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Not Found\"}");
    }
}
