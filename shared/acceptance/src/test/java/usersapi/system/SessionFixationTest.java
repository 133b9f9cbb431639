package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import usersapi.testing.Exchange;

/** An attacker who plants a session in another person's browser does not get that person's session (RFC 6265, section 8.4). */
class SessionFixationTest {

    private static int status(String session) {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Cookie", "sessionid=" + session).send()
                .status();
    }

    private static Exchange.Reply signIn(String planted) {
        return Exchange.of(RunningApi.uri(), "POST", "/local/sign-in")
                .header("Cookie", "sessionid=%s; csrftoken=%1$s".formatted(planted))
                .body("""
                        {"email": "fixated@example.com", "session_id": "%1$s", "csrf_token": "%1$s"}"""
                        .formatted(planted))
                .send();
    }

    @Test
    void aSessionThatNobodyOpenedIsNeverAdopted() {
        var planted = "A".repeat(43);
        assertThat(status(planted)).isEqualTo(401);

        var cookies = signIn(planted).headers("Set-Cookie");

        assertThat(cookies).hasSize(2).noneMatch(cookie -> cookie.contains(planted));
        assertThat(status(planted)).isEqualTo(401);
        assertThat(status(cookies.getFirst().replaceFirst("sessionid=([^;]*).*", "$1"))).isEqualTo(200);
    }

    @Test
    void aSessionOfThePlantersOwnStaysThePlanters() {
        var mallory = SignedIn.as("planter@example.com");

        var cookies = signIn(mallory.session()).headers("Set-Cookie");

        assertThat(cookies).hasSize(2).noneMatch(cookie -> cookie.contains(mallory.session()));
        assertThat(mallory.request("GET", "/api/users/me/").send().text()).contains("planter@example.com");
    }
}
