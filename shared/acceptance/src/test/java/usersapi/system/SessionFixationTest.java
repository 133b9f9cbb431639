package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.testing.Exchange;

/** Who plants a session in another's browser does not get that one's session by it (RFC 6265, section 8.4). */
class SessionFixationTest {

    private static final String SIGN_IN = """
            /local/sign-in | {"email": "fixated@example.com", "session_id": "%1$s", "csrf_token": "%1$s"}
            /local/login   | email=fixated@example.com&session_id=%1$s&csrf_token=%1$s""";

    private static int status(String session) {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Cookie", "sessionid=" + session).send()
                .status();
    }

    private static Exchange.Reply signIn(String path, String body, String planted) {
        return Exchange.of(RunningApi.uri(), "POST", path)
                .header("Cookie", "sessionid=%s; csrftoken=%1$s".formatted(planted)).body(body.formatted(planted))
                .send();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = SIGN_IN)
    void aSessionThatNobodyOpenedIsNeverAdopted(String path, String body) {
        var planted = "A".repeat(43);
        assertThat(status(planted)).isEqualTo(401);

        var cookies = signIn(path, body, planted).headers("Set-Cookie");

        assertThat(cookies).hasSize(2).noneMatch(cookie -> cookie.contains(planted));
        assertThat(status(planted)).isEqualTo(401);
        assertThat(status(cookies.getFirst().replaceFirst("sessionid=([^;]*).*", "$1"))).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = SIGN_IN)
    void aSessionOfThePlantersOwnStaysThePlanters(String path, String body) {
        var mallory = SignedIn.as("planter@example.com");

        var cookies = signIn(path, body, mallory.session()).headers("Set-Cookie");

        assertThat(cookies).hasSize(2).noneMatch(cookie -> cookie.contains(mallory.session()));
        assertThat(mallory.request("GET", "/api/users/me/").send().text()).contains("planter@example.com");
    }
}
