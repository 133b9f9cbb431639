package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.system.SignedIn;

/** The page while other tabs sign other users in and change the data that it shows. */
class ShownUserTest {

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    private static SignedIn shown(String email) {
        var user = SignedIn.as(email);
        user.regenerated();
        BROWSER.get().signIn(user);
        BROWSER.get().openSettings();
        return user;
    }

    private static void regenerate() {
        BROWSER.get().click("#token-regenerate");
        BROWSER.get().click("#regenerate-confirm");
    }

    private static void saysThatAnotherUserIsSignedIn(String email) {
        BROWSER.get().shown("#other-title");
        assertThat(BROWSER.get().isShown("#settings")).isFalse();
        assertThat(BROWSER.get().run("return document.documentElement.outerHTML").toString()).doesNotContain(email);
    }

    @Test
    void changesNothingOfWhoeverHasSignedInMeanwhile() {
        shown("shown-alice@example.com");
        var bob = SignedIn.as("shown-bob@example.com");
        var token = bob.regenerated();
        BROWSER.get().signIn(bob);

        regenerate();

        saysThatAnotherUserIsSignedIn("shown-alice@example.com");
        assertThat(bob.accessToken()).isEqualTo(token);
    }

    @Test
    void changesNothingOfWhoeverSignsInAfterItHasAskedWhoIsSignedIn() {
        BROWSER.get().runFirst("""
                const sent = window.fetch;
                window.fetch = async (request, ...more) => {
                  if (request.method === "POST") {
                    await new Promise((resolve) => { window.send = resolve; });
                  }
                  return sent(request, ...more);
                };""");
        shown("shown-alice@example.com");
        var bob = SignedIn.as("shown-bob@example.com");
        var token = bob.regenerated();

        regenerate();
        BROWSER.get().awaitThat("window.send");
        BROWSER.get().signIn(bob);
        BROWSER.get().run("window.send()");

        saysThatAnotherUserIsSignedIn("shown-alice@example.com");
        assertThat(bob.accessToken()).isEqualTo(token);
        assertThat(BROWSER.get().complaints()).singleElement().asString().contains("403", "/token/regenerate/");
    }

    @Test
    void neverEndsTheSessionOfAnother() {
        shown("shown-alice@example.com");
        var bob = SignedIn.as("shown-bob@example.com");
        BROWSER.get().signIn(bob);

        BROWSER.get().click("#sign-out");

        saysThatAnotherUserIsSignedIn("shown-alice@example.com");
        assertThat(bob.request("GET", "/api/users/me/").send().status()).isEqualTo(200);
    }

    @Test
    void showsNothingOfAnotherUnderItsUsersName() {
        shown("shown-alice@example.com");
        BROWSER.get().signIn(SignedIn.as("shown-bob@example.com"));

        BROWSER.get().click("#storage-refresh");

        saysThatAnotherUserIsSignedIn("shown-alice@example.com");
        BROWSER.get().click("#other-show");
        BROWSER.get().await("#email", "shown-bob@example.com");
    }

    @Test
    void saysOnReturnThatAnotherUserIsSignedInAndGoesOnWithTheSameOne() {
        shown("shown-alice@example.com");
        BROWSER.get().signIn(SignedIn.as("shown-bob@example.com"));

        BROWSER.get().leaveAndComeBack();
        saysThatAnotherUserIsSignedIn("shown-alice@example.com");
        BROWSER.get().leaveAndComeBack();
        saysThatAnotherUserIsSignedIn("shown-alice@example.com");

        BROWSER.get().signIn(SignedIn.as("shown-alice@example.com"));
        BROWSER.get().leaveAndComeBack();
        BROWSER.get().await("#email", "shown-alice@example.com");
        regenerate();
        BROWSER.get().await("#toast", "The old one no longer works.");
    }

    @Test
    void saysOnReturnThatTheSessionHasEndedAndGoesOnWithANewOne() {
        shown("shown-alice@example.com");
        BROWSER.get().dropCookies();

        BROWSER.get().leaveAndComeBack();
        BROWSER.get().await("#notice", "Your session has ended. Sign in again.");

        BROWSER.get().signIn(SignedIn.as("shown-alice@example.com"));
        BROWSER.get().leaveAndComeBack();
        BROWSER.get().await("#email", "shown-alice@example.com");
    }

    @Test
    void asksForEverythingAnewOnReturnAndKeepsWhatIsBeingTyped() {
        var alice = shown("shown-again@example.com");
        BROWSER.get().focus("#tokens-label");
        BROWSER.get().type("a draft");
        var token = alice.regenerated();
        alice.changing("PATCH", "/api/users/settings/").body("{\"tz\": \"Asia/Tokyo\"}").send();
        alice.subscribe();

        BROWSER.get().leaveAndComeBackTo("document.getElementById('token-reveal').click()");

        BROWSER.get().await("#plans .current", "Pro");
        BROWSER.get().awaitThat("document.getElementById('zone-input').value === 'Asia/Tokyo'");
        BROWSER.get().await("#token-value", token);
        assertThat(BROWSER.get().run("return document.getElementById('tokens-label').value")).isEqualTo("a draft");
    }

    @Test
    void asksForEverythingAnewWhenTheBrowserGoesBackToIt() {
        var alice = shown("shown-back@example.com");
        BROWSER.get().open("/reference.html");
        alice.subscribe();

        BROWSER.get().back();

        BROWSER.get().await("#plans .current", "Pro");
    }

    @Test
    void masksTheTokenWhenItIsLeft() {
        var alice = shown("shown-mask@example.com");
        BROWSER.get().click("#token-reveal");
        BROWSER.get().await("#token-value", alice.accessToken());

        BROWSER.get().leaveAndComeBack();

        assertThat(BROWSER.get().text("#token-value")).startsWith("•••");
    }
}
