package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;
import usersapi.standin.Template;
import usersapi.system.ProviderSignOut;
import usersapi.testing.Exchange;

/** The whole way to the OpenID provider and back, in a real browser, where sign-out ends the provider's session, too. */
class SignInPageTest {

    private static final String SIGNED_IN = "#settings:not(:has(.loading))";

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    @RegisterExtension
    static final ProviderSignOut API = new ProviderSignOut();

    private static String home() {
        return API.uri() + "/";
    }

    /** Signs in by keyboard, from the element that the page focuses. */
    private static void signIn(String email) {
        BROWSER.get().click("#sign-in");
        BROWSER.get().shown("form #email");
        BROWSER.get().type(Keys.chord(Keys.CONTROL, "a"), email, Keys.ENTER);
        BROWSER.get().shown(SIGNED_IN);
    }

    @Test
    void leadsToTheProviderAndBackAndSignsOutThereToo() {
        var browser = BROWSER.get();
        browser.open(API.uri().resolve("/?tab=2#sessions"));
        signIn("whole-way@example.com");

        assertThat(browser.address()).isEqualTo(home() + "?tab=2#sessions");
        assertThat(browser.shown("#email").getText()).isEqualTo("whole-way@example.com");
        assertThat(browser.shown("#sessions-list").getText()).contains("This browser");

        var session = browser.cookie("sessionid");
        browser.click("#sign-out");
        browser.await("h1", "Sign out");
        assertThat(browser.address()).startsWith(home() + "local/openid/logout?client_id=users-api&");
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.type(Keys.ENTER);

        browser.shown("#signed-out-title");
        assertThat(browser.address()).isEqualTo(home());
        assertThat(Exchange.of(API.uri(), "GET", "/api/users/me/").header("Cookie", "sessionid=" + session).send()
                .status()).isEqualTo(401);
    }

    @Test
    void saysWhatCameOfAVisitAndShowsNoParameter() {
        var browser = BROWSER.get();
        browser.open(API.uri().resolve("/"));
        browser.click("#sign-in");
        browser.click("[value=DECLINE]");

        browser.await("#notice", "The sign-in was cancelled.");
        assertThat(browser.address()).isEqualTo(home());
    }

    @Test
    void hasWordsOfItsOwnForEachCodeOfTheApi() throws IOException {
        var described = new JsonMapper()
                .readTree(Template.projectDirectory().resolve("functions/site/openapi.json").toFile())
                .at("/components/responses/Navigation/description").asText();
        var codes = Pattern.compile("`([a-z]+(?:_[a-z]+)*)`").matcher(described.substring(described.indexOf("CODE is")))
                .results().map(code -> code.group(1)).toList();
        BROWSER.get().open(API.uri().resolve("/"));

        var words = BROWSER.get().run("""
                return import("/sign-in-error.js")
                    .then(({ signInError }) => %s.map(signInError).concat(signInError("unheard-of")));"""
                .formatted(codes.stream().map("'%s'"::formatted).toList()));

        assertThat(codes).contains("cancelled", "sign_out_incomplete", "failed").hasSizeGreaterThan(9);
        // The page has no words of its own for an error of the API, as for an unknown code.
        assertThat(Set.copyOf((List<?>) words)).hasSize(codes.size());
    }
}
