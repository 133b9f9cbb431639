package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import usersapi.testing.Exchange;

/** «Get current user». */
class CurrentUserApiTest {

    private static Exchange.Reply byToken(String token) {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Authorization", "Bearer " + token).send();
    }

    @Test
    void tellsWhoIsSignedIn() {
        var user = SignedIn.as("Current.User@example.com");

        var reply = user.request("GET", "/api/users/me/").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("""
                {"external_id":"%s","email":"Current.User@example.com","is_authenticated":true,"access_token":"%s"}"""
                .formatted(user.externalId(), user.accessToken()));
    }

    @Test
    void tellsTheSameToAnAccessToken() {
        var user = SignedIn.as("by-token@example.com");

        assertThat(byToken(user.accessToken()).text()).isEqualTo(user.request("GET", "/api/users/me/").send().text());
    }

    @Test
    void isReadableByTheFrontendAndStoredByNobody() {
        var reply = SignedIn.as("headers@example.com").request("GET", "/api/users/me/").send();

        assertThat(reply.header("Content-Type")).contains("application/json");
        assertThat(reply.header("Cache-Control")).contains("no-store");
        assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(reply.header("Access-Control-Allow-Origin")).contains(RunningApi.uri().toString());
        assertThat(reply.header("Access-Control-Allow-Credentials")).contains("true");
    }

    @Test
    void showsAUserNothingOfAnother() {
        var anna = SignedIn.as("anna@example.com");
        var berta = SignedIn.as("berta@example.com");

        assertThat(anna.request("GET", "/api/users/me/").send().text()).contains(anna.externalId(), anna.accessToken())
                .doesNotContain(berta.externalId(), berta.accessToken(), "berta");
        assertThat(byToken(berta.accessToken()).text()).contains(berta.externalId())
                .doesNotContain(anna.externalId(), anna.accessToken(), "anna");
    }

    @Test
    void isTheSameUserInEverySession() {
        var first = SignedIn.as("twice@example.com");
        var second = SignedIn.as("TWICE@example.com");

        assertThat(second.externalId()).isEqualTo(first.externalId());
        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(second.request("GET", "/api/users/me/").send().text())
                .isEqualTo(first.request("GET", "/api/users/me/").send().text());
    }
}
