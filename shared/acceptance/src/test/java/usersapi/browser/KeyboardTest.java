package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** The page by keyboard only: after each action the focus is where the user continues. */
class KeyboardTest {

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    private static Browser open(PretendedApi answers) {
        BROWSER.get().pretend(answers);
        BROWSER.get().openSettings();
        return BROWSER.get();
    }

    private static void press(String selector) {
        BROWSER.get().focus(selector);
        BROWSER.get().type(Keys.ENTER);
    }

    private static void awaitFocus(String selector) {
        BROWSER.get().awaitThat("document.activeElement.matches(\"%s\")".formatted(selector));
    }

    @Test
    void leadsToTheTitleAfterSigningOutAndLeavesNothingOfTheUser() {
        open(PretendedApi.ofAlice().answer("POST /api/users/sign-out/", "{\"message\": \"ok\"}"));
        press("#token-reveal");
        BROWSER.get().focus("#tokens-label");
        BROWSER.get().type("my label");

        press("#sign-out");

        awaitFocus("#signed-out-title");
        BROWSER.get().await("#notice", "You are signed out.");
        assertThat(BROWSER.get().run("""
                return document.documentElement.outerHTML
                    + [...document.querySelectorAll("input")].map((input) => input.value)
                    + JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);""").toString())
                .doesNotContain("alice", "1234", "Zurich", "Backup", "1.2 GB", "my label", "Nov ", "November");
    }

    @Test
    void goesWhereSigningOutIsToGoOn() {
        open(PretendedApi.ofAlice().answer("POST /api/users/sign-out/",
                "{\"message\": \"ok\", \"url\": \"" + usersapi.system.RunningApi.uri() + "/reference.html\"}"));

        press("#sign-out");

        BROWSER.get().shown("#contents");
    }

    @Test
    void leadsToTheTitleWhenTheSessionHasEnded() {
        open(PretendedApi.ofAlice());
        BROWSER.get().change(PretendedApi.ofAlice().answer("GET /api/users/me/", 401, "{}"));

        press("#storage-refresh");

        awaitFocus("#signed-out-title");
        BROWSER.get().await("#notice", "Your session has ended.");
    }

    @Test
    void leadsFromTheDialogToTheTitleWhenTheSessionHasEnded() {
        open(PretendedApi.ofAlice());
        press("#token-regenerate");
        BROWSER.get().shown("#regenerate-dialog");
        BROWSER.get().change(PretendedApi.ofAlice().answer("GET /api/users/me/", 401, "{}"));

        press("#regenerate-confirm");

        awaitFocus("#signed-out-title");
    }

    @Test
    void savesAndForgetsATimeZone() {
        open(PretendedApi.ofAlice().answer("PATCH /api/users/settings/", "{\"message\": \"ok\"}"));
        press("#zone-detect");
        awaitFocus("#zone-save");

        BROWSER.get().type(Keys.ENTER);
        BROWSER.get().await("#toast", "Saved: ");
        awaitFocus("#zone-input");

        press("#zone-forget");
        BROWSER.get().await("#toast", "The time zone is forgotten.");
        awaitFocus("#zone-input");
    }

    @Test
    void keepsWhatIsTypedIntoTheTimeZoneWhenThePageIsLeft() {
        open(PretendedApi.ofAlice());
        BROWSER.get().focus("#zone-input");
        BROWSER.get().type(Keys.chord(Keys.CONTROL, "a"), "new yo");
        BROWSER.get().shown("#zone-list .active");

        BROWSER.get().leaveAndComeBack();
        BROWSER.get().awaitThat("requests.filter((each) => each === 'GET /api/users/settings/').length > 1");
        BROWSER.get().type(Keys.ENTER);

        assertThat(BROWSER.get().run("return document.getElementById('zone-input').value"))
                .isEqualTo("America/New_York");
    }

    @Test
    void keepsTheFocusOnAButtonThatIsShownAnew() {
        open(PretendedApi.ofAlice());
        BROWSER.get().focus("#plans button");

        BROWSER.get().leaveAndComeBack();
        BROWSER.get().awaitThat("requests.filter((each) => each === 'GET /api/users/stripe/subscription/').length > 1");

        awaitFocus("#plans button");
    }

    @Test
    void endsASession() {
        open(PretendedApi.ofAlice().answer("DELETE /api/users/sessions/s1/", "{\"message\": \"ok\"}"));
        BROWSER.get().change(PretendedApi.none().answer("GET /api/users/sessions/",
                """
                        {"sessions": [{"id": "s2", "created": 1795800000, "last_seen": null, "expires": 4000000000, "current": true}]}"""));

        press("#sessions-list button");

        BROWSER.get().await("#toast", "The session has ended.");
        BROWSER.get().awaitThat("document.querySelectorAll('#sessions-list li').length === 1");
        awaitFocus("#sessions h2");
        assertThat(BROWSER.get().isShown("#sessions-end-others")).isFalse();
    }

    @Test
    void endsANamedTokenWhenItIsConfirmed() {
        open(PretendedApi.ofAlice().answer("DELETE /api/users/tokens/t2/", "{\"message\": \"ok\"}"));
        press("#tokens-list button");
        BROWSER.get().await("#end-token-dialog", "“Backup” stops working at once.");
        BROWSER.get().type(Keys.ESCAPE);
        awaitFocus("#tokens-list button");

        press("#tokens-list button");
        BROWSER.get().shown("#end-token-dialog");
        BROWSER.get().change(PretendedApi.none().answer("GET /api/users/tokens/", "{\"tokens\": []}"));
        press("#end-token-confirm");

        BROWSER.get().await("#tokens-list", "None yet.");
        awaitFocus("#tokens h3");
    }

    @Test
    void makesANamedTokenAndShowsItOnce() {
        open(PretendedApi.ofAlice().answer("POST /api/users/tokens/", """
                {"message": "ok", "id": "t3", "label": "New", "created": 1, "expires": null, "read_only": false,
                 "access_token": "QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ5678"}"""));
        press("#tokens-create");
        BROWSER.get().await("#tokens .notice", "Give the token a name");
        awaitFocus("#tokens-label");

        BROWSER.get().type("New", Keys.ENTER);

        awaitFocus("#tokens-new-copy");
        assertThat(BROWSER.get().text("#tokens-new-value")).endsWith("5678").startsWith("QQQ");
        press("#tokens-new-done");
        awaitFocus("#tokens-label");
        assertThat(BROWSER.get().run("return document.documentElement.outerHTML").toString()).doesNotContain("5678");
    }
}
