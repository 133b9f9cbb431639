package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import usersapi.testing.Exchange;

/** «Get access token» and «Regenerate access token». */
class AccessTokenApiTest {

    private final SignedIn user = SignedIn.as("token@example.com");

    private static int statusByToken(String token) {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Authorization", "Bearer " + token).send()
                .status();
    }

    @Test
    void showsTheTokenAndNothingElse() {
        var reply = user.request("GET", "/api/users/me/token/").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).matches("\\{\"access_token\":\"[A-Za-z0-9_-]{43}\"}");
    }

    @Test
    void showsTheSameTokenUntilItIsRegenerated() {
        assertThat(user.accessToken()).isEqualTo(user.accessToken());
    }

    @Test
    void answersWithTheNewTokenAndNothingElse() {
        var reply = user.changing("POST", "/api/users/me/token/regenerate/").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"access_token\":\"%s\"}".formatted(user.accessToken()));
    }

    @Test
    void invalidatesTheOldTokenAtOnce() {
        var old = user.accessToken();
        assertThat(statusByToken(old)).isEqualTo(200);

        var renewed = user.regenerated();

        assertThat(statusByToken(old)).isEqualTo(401);
        assertThat(statusByToken(renewed)).isEqualTo(200);
        assertThat(user.request("GET", "/api/users/me/").send().text()).contains(renewed);
    }

    @Test
    void takesAnyBody() {
        assertThat(user.changing("POST", "/api/users/me/token/regenerate/").body("{\"not\": JSON").send().status())
                .isEqualTo(200);
    }

    @Test
    void leavesTheTokensOfOthersAlone() {
        var other = SignedIn.as("other-token@example.com");
        var token = other.accessToken();

        user.regenerated();

        assertThat(statusByToken(token)).isEqualTo(200);
        assertThat(other.accessToken()).isEqualTo(token);
    }

    @Test
    void keepsNoTokenInClear() {
        var renewed = user.regenerated();

        assertThat(RunningApi.items().toString()).doesNotContain(renewed, user.session(), user.csrf());
    }
}
