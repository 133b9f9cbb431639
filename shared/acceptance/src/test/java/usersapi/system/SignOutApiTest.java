package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.testing.Exchange;

/** Sign-out of the OpenID provider too, over HTTP, with its stand-in. */
class SignOutApiTest {

    @RegisterExtension
    static final ProviderSignOut API = new ProviderSignOut();

    private static Exchange.Reply signOut(URI api) {
        var person = new ProviderVisit(api);
        var signedIn = person.comeBack(person.begin("/"), "signs-out-there@example.com");
        var csrf = signedIn.headers("Set-Cookie").stream().filter(cookie -> cookie.startsWith("csrftoken="))
                .map(cookie -> cookie.replaceFirst("csrftoken=([^;]*);.*", "$1")).findFirst().orElseThrow();
        return Exchange.of(api, "POST", "/api/users/sign-out/").header("Cookie", person.cookies())
                .header("X-CSRFToken", csrf).send();
    }

    @Test
    void endsHereUnlessTheDeploymentAsksForMore() {
        assertThat(signOut(RunningApi.uri()).text()).isEqualTo("{\"message\":\"ok\"}");
    }

    @Test
    void goesOnToTheProviderAndComesBackToTheHomePage() {
        var answer = signOut(API.uri());
        assertThat(answer.json().path("url").asText()).isEqualTo(API.uri() + "/api/auth/sign-out/");

        var there = Exchange.of(API.uri(), "GET", "/api/auth/sign-out/").send();
        assertThat(there.status()).isEqualTo(303);
        var home = URLEncoder.encode(API.uri() + "/", StandardCharsets.UTF_8);
        assertThat(there.header("Location")).contains("%s/local/openid/logout?client_id=users-api"
                .formatted(API.uri()) + "&post_logout_redirect_uri=%s&logout_uri=%1$s".formatted(home));

        var page = URI.create(there.header("Location").orElseThrow());
        var path = page.getRawPath() + "?" + page.getRawQuery();
        assertThat(Exchange.of(API.uri(), "GET", path).send().text()).contains("<h1>Sign out</h1>");
        assertThat(Exchange.of(API.uri(), "POST", path).body("").send().header("Location"))
                .contains(API.uri() + "/");
    }

    @Test
    void theProviderLeadsNobodyElsewhere() {
        var page = Exchange.of(API.uri(), "GET",
                "/local/openid/logout?client_id=users-api&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F")
                .send();

        assertThat(page.status()).isEqualTo(400);
        assertThat(page.text()).contains("post_logout_redirect_uri: not registered");
    }
}
