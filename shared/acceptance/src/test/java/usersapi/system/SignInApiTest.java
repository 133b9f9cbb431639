package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sign-in by OpenID Connect over HTTP, with the provider's stand-in. */
class SignInApiTest {

    private static ProviderVisit browser() {
        return new ProviderVisit(RunningApi.uri());
    }

    private static String me(ProviderVisit browser) {
        return browser.go("/api/users/me/").text();
    }

    @Test
    void signsInByWayOfTheProvider() {
        var browser = browser();

        var back = browser.comeBack(browser.begin("/settings?a=b#c"), "openid@example.com");

        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("Location")).contains("/settings?a=b#c");
        assertThat(back.headers("Set-Cookie")).noneMatch(cookie -> cookie.contains("Secure"))
                .allMatch(cookie -> cookie.contains("SameSite=Lax"));
        assertThat(me(browser)).contains("openid@example.com");
    }

    @Test
    void theSameAddressIsTheSameUserWhateverTheCase() {
        var first = browser();
        first.comeBack(first.begin("/"), "Same@example.com");
        var second = browser();

        second.comeBack(second.begin("/"), "same@example.com");

        assertThat(me(second)).isEqualTo(me(first));
    }

    @Test
    void aUserProvisionedByTheLoginServiceIsTheSameUser() {
        var user = SignedIn.as("provisioned-first@example.com");
        var browser = browser();

        browser.comeBack(browser.begin("/"), "provisioned-first@example.com");

        assertThat(me(browser)).contains(user.externalId());
    }

    @ParameterizedTest
    @CsvSource({"DECLINE, cancelled", "NOT_VERIFIED, email_not_verified", "UNAVAILABLE, provider_unavailable",
            "FORGED, provider_not_trusted"})
    void aVisitThatComesToNothingLeadsToThePage(String visit, String error) {
        var browser = browser();
        browser.comeBack(browser.begin("/"), "stays@example.com");
        var before = me(browser);

        var back = browser.callback(browser.decide(browser.begin("/"), "goes@example.com", visit));

        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("Location")).contains("/?error=" + error);
        assertThat(me(browser)).isEqualTo(before).contains("stays@example.com");
    }

    @Test
    void anAddressInUserInfoWillDo() {
        var browser = browser();

        browser.callback(browser.decide(browser.begin("/"), "info-only@example.com", "USER_INFO"));

        assertThat(me(browser)).contains("info-only@example.com");
    }

    @Test
    void whereTheApiIsCalledFromIsNotWhereTheProviderLeadsBackTo() {
        var page = browser().go("/api/auth/sign-in/").header("Location").orElseThrow();

        assertThat(page).contains("redirect_uri=" + ("http://127.0.0.1:" + RunningApi.uri().getPort())
                .replace(":", "%3A").replace("/", "%2F") + "%2Fapi%2Fauth%2Fcallback%2F");
    }
}
