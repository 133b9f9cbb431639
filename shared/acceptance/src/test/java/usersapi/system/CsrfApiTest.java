package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.testing.Exchange;

/** A page of another site may send a user's cookie, but must not change anything with it. */
class CsrfApiTest {

    private static final String ROUTES = """
            POST,  /api/users/me/token/regenerate/
            PATCH, /api/users/settings/""";

    private final SignedIn user = SignedIn.as("csrf@example.com");

    private static void assertRefused(Exchange request) {
        var before = RunningApi.items();

        var reply = request.body("{\"tz\": \"UTC\"}").send();

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().path("message").asText()).isNotEmpty();
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(textBlock = ROUTES)
    void refusesWithoutToken(String method, String path) {
        assertRefused(user.request(method, path));
    }

    @ParameterizedTest
    @CsvSource(textBlock = ROUTES)
    void refusesAnyOtherToken(String method, String path) {
        assertRefused(user.request(method, path).header("X-CSRFToken", ""));
        assertRefused(user.request(method, path).header("X-CSRFToken", "A".repeat(43)));
        assertRefused(user.request(method, path).header("X-CSRFToken", user.session()));
        assertRefused(
                user.request(method, path).header("X-CSRFToken", user.csrf()).header("X-CSRFToken", "A".repeat(43)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = ROUTES)
    void refusesTheTokenOfAnotherSession(String method, String path) {
        var sameUser = SignedIn.as("csrf@example.com");
        var otherUser = SignedIn.as("csrf-other@example.com");

        assertRefused(user.request(method, path).header("X-CSRFToken", sameUser.csrf()));
        assertRefused(user.request(method, path).header("X-CSRFToken", otherUser.csrf()));
    }

    @ParameterizedTest
    @CsvSource(textBlock = ROUTES)
    void refusesACookieInPlaceOfTheHeader(String method, String path) {
        assertRefused(Exchange.of(RunningApi.uri(), method, path).header("Cookie",
                "sessionid=%s; csrftoken=%s".formatted(user.session(), user.csrf())));
    }

    @ParameterizedTest
    @CsvSource(textBlock = ROUTES)
    void refusesPagesOfOtherOrigins(String method, String path) {
        assertRefused(user.changing(method, path).header("Origin", "https://evil.example"));
        assertRefused(user.changing(method, path).header("Origin", "null"));
        assertRefused(user.changing(method, path).header("Origin", RunningApi.uri() + ".evil.example"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = ROUTES)
    void letsTheFrontendsPagesChangeThings(String method, String path) {
        var request = user.changing(method, path).header("Origin", RunningApi.uri().toString()).body("{}");
        assertThat(request.send().status()).isEqualTo(200);

        var byName = user.changing(method, path).header("Origin", "http://localhost:" + RunningApi.uri().getPort());
        assertThat(byName.body("{}").send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"PATCH, /api/users/settings/"})
    void asksAnAccessTokenForNone(String method, String path) {
        var reply = Exchange.of(RunningApi.uri(), method, path)
                .header("Authorization", "Bearer " + user.accessToken()).body("{}").send();

        assertThat(reply.status()).isEqualTo(200);
    }
}
