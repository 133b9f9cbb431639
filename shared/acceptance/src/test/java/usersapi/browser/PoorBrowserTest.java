package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import usersapi.system.SignedIn;

/** The page in browsers that lack features which it can use. */
class PoorBrowserTest {

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    private static Browser open(String script) {
        BROWSER.get().runFirst(script);
        BROWSER.get().pretend(PretendedApi.ofAlice());
        BROWSER.get().openSettings();
        return BROWSER.get();
    }

    private static void choose(String zone) {
        BROWSER.get().focus("#zone-input");
        BROWSER.get().type(Keys.chord(Keys.CONTROL, "a"), zone);
        BROWSER.get().shown("#zone-list .active");
        BROWSER.get().type(Keys.ENTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete Intl.supportedValuesOf", "delete window.Intl", "delete Intl.Segmenter",
            "Intl.DateTimeFormat = Intl.NumberFormat = Intl.Segmenter = class { constructor() { throw new RangeError(); } }",
            "for (const name of ['localStorage', 'sessionStorage']) {"
                    + " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } }); }",
            "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
            "Object.defineProperty(document, 'cookie', { get() { throw new DOMException('no', 'SecurityError'); } })"})
    void worksWithLess(String script) {
        open(script);

        assertThat(BROWSER.get().text("#email")).isEqualTo("alice@example.com");
        assertThat(BROWSER.get().text("#storage-used")).isEqualTo("1.2 GB");
        assertThat(BROWSER.get().text("#sessions-list")).contains("Signed in ");
        choose("Asia/Tokyo");
        assertThat(BROWSER.get().run("return document.getElementById('zone-input').value")).isEqualTo("Asia/Tokyo");
        assertThat(BROWSER.get().isShown("#zone-save:enabled")).isTrue();
    }

    @Test
    void offersNoZoneOfTheDeviceThatCannotBeChosen() {
        open("""
                const resolved = Intl.DateTimeFormat.prototype.resolvedOptions;
                Intl.DateTimeFormat.prototype.resolvedOptions = function () {
                  return { ...resolved.call(this), timeZone: "Etc/Unknown" };
                };""");

        assertThat(BROWSER.get().isShown("#zone-detect")).isFalse();
    }

    @Test
    void saysThatItDoesNotKnowTheSavedZone() {
        BROWSER.get().pretend(
                PretendedApi.ofAlice().answer("GET /api/users/settings/", "{\"tz\": \"Mars/Base\", \"locale\": null}"));
        BROWSER.get().openSettings();

        assertThat(BROWSER.get().text("#zone-now")).isEqualTo("This browser does not know this time zone.");
        choose("Tokyo");
        assertThat(BROWSER.get().text("#zone-now")).contains("GMT+9");
    }

    @Test
    void selectsTheTokenWhereItMayNotCopy() {
        open("Object.defineProperty(navigator, 'clipboard', { value: undefined })");

        BROWSER.get().click("#token-copy");

        BROWSER.get().await("#toast", "copy it by hand");
        assertThat(BROWSER.get().run("return getSelection().toString()"))
                .isEqualTo("NhqPaZgfmRLxcBvYSNhqPaZgfmRLxcBvYSNhqPa1234");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plan.js", "/page.js", "/format.js"})
    void saysThatAPartOfItIsMissing(String module) {
        BROWSER.get().blocking(module);
        BROWSER.get().open("/");

        BROWSER.get().await("#failed-words", "This page did not work as it should.");
        assertThat(BROWSER.get().complaints()).allMatch(line -> line.contains(module));
    }

    @ParameterizedTest
    @CsvSource({"%zz", "''", "a-token-of-another-session-0000000000000000"})
    void takesTheCookieOfItsSession(String other) {
        var user = SignedIn.as("poor-cookies@example.com");
        BROWSER.get().signIn(user);
        BROWSER.get().cookie("csrftoken", other, "/billing");
        BROWSER.get().open("/billing");
        BROWSER.get().shown("#settings:not(:has(.loading))");
        BROWSER.get().run("history.replaceState(null, '', '/billing/here')");

        BROWSER.get().click("#token-regenerate");
        BROWSER.get().click("#regenerate-confirm");

        BROWSER.get().await("#toast", "This is the new token.");
        // What can be a token is tried, and the API refuses it.
        assertThat(BROWSER.get().complaints()).hasSize(other.length() == 43 ? 1 : 0)
                .allMatch(line -> line.contains("403"));
    }
}
