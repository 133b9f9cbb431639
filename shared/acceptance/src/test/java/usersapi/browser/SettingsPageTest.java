package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import usersapi.json.JsonObject;
import usersapi.system.RunningApi;
import usersapi.system.SignedIn;
import usersapi.testing.Exchange;
import usersapi.user.SettingsChange;

/** The settings page as a user sees it, in a real browser with the real API. */
class SettingsPageTest {

    private static final String LOADED = "#settings:not(:has(.loading))";

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    private Browser browser;

    @BeforeEach
    void start() {
        browser = BROWSER.get();
    }

    private void signIn(String email) {
        browser.signIn(SignedIn.as(email));
        browser.openSettings();
    }

    private String shownToken() {
        browser.click("#token-reveal");
        return browser.shown("#token-value").getText();
    }

    private static int statusOf(String token) {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Authorization", "Bearer " + token).send()
                .status();
    }

    @Test
    void signsInShowsTheAccountAndSignsOut() {
        browser.open("/");
        browser.click("#sign-in");
        var field = browser.shown("#email");
        field.clear();
        field.sendKeys("page-in-and-out@example.com");
        browser.click(".primary");
        browser.shown(LOADED);

        assertThat(browser.shown("#email").getText()).isEqualTo("page-in-and-out@example.com");
        assertThat(browser.shown("#external-id").getText()).hasSizeGreaterThan(10);
        assertThat(browser.shown("#storage-used").getText()).isEqualTo("0 bytes");
        assertThat(browser.shown("#plans .current").getText()).contains("Free", "Your plan");

        var session = browser.cookie("sessionid");
        browser.click("#sign-out");
        browser.await("#notice", "You are signed out.");
        assertThat(browser.isShown("#settings")).isFalse();
        assertThat(Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Cookie", "sessionid=" + session)
                .send().status()).isEqualTo(401);
    }

    @Test
    void showsTheTokenOnDemandAndPutsItNowhereElse() {
        signIn("page-token@example.com");
        assertThat(browser.shown("#token-value").getText()).matches("•{39}.{4}");

        var token = shownToken();

        assertThat(statusOf(token)).isEqualTo(200);
        assertThat(browser.run("return JSON.stringify([localStorage, sessionStorage, location.href])").toString())
                .doesNotContain(token);
        browser.click("#token-reveal");
        assertThat(browser.run("return document.documentElement.outerHTML").toString()).doesNotContain(token);
    }

    @Test
    void regeneratesTheTokenOnlyWhenConfirmed() {
        signIn("page-regenerate@example.com");
        var old = shownToken();

        browser.click("#token-regenerate");
        assertThat(browser.focused().getText()).isEqualTo("Cancel");
        browser.focused().sendKeys(Keys.ESCAPE);
        assertThat(browser.focused().getAttribute("id")).isEqualTo("token-regenerate");
        assertThat(statusOf(old)).isEqualTo(200);

        browser.click("#token-regenerate");
        browser.click("#regenerate-confirm");
        browser.await("#toast", "The old one no longer works.");
        var fresh = browser.shown("#token-value").getText();
        assertThat(fresh).isNotEqualTo(old);
        assertThat(statusOf(old)).isEqualTo(401);
        assertThat(statusOf(fresh)).isEqualTo(200);
    }

    @Test
    void choosesATimeZoneByKeyboard() {
        signIn("page-zone@example.com");
        var field = browser.shown("#zone-input");

        field.sendKeys("new york");
        assertThat(browser.shown("#zone-list .active").getText()).contains("America/New York", "GMT-");
        assertThat(field.getAttribute("aria-activedescendant")).isEqualTo("zone-list-0");
        field.sendKeys(Keys.ENTER);
        assertThat(field.getAttribute("value")).isEqualTo("America/New_York");
        browser.await("#zone-now", "It is ");
        browser.click("#zone-save");
        browser.await("#toast", "Saved: America/New_York.");

        browser.open("/");
        browser.shown(LOADED);
        assertThat(browser.shown("#zone-input").getAttribute("value")).isEqualTo("America/New_York");
        browser.click("#zone-detect");
        browser.click("#zone-save");
        browser.await("#toast", "Saved: " + browser.run("return Intl.DateTimeFormat().resolvedOptions().timeZone"));
        browser.click("#zone-forget");
        browser.await("#toast", "The time zone is forgotten.");
    }

    @Test
    @SuppressWarnings("unchecked")
    void offersNoTimeZoneThatTheApiRefuses() {
        browser.open("/");

        var zones = (List<String>) browser.run("return Intl.supportedValuesOf('timeZone')");

        assertThat(zones).hasSizeGreaterThan(300).allSatisfy(zone -> assertThat(
                SettingsChange.parse(new JsonObject().put("tz", zone)))
                .isInstanceOf(SettingsChange.Parsed.Valid.class));
    }

    @Test
    void fillsTheBarAsFilesAreUploaded() {
        signIn("page-storage@example.com");
        assertThat(browser.shown("#storage-meter").getAttribute("aria-valuenow")).isEqualTo("0");

        browser.click("#storage-manage");
        browser.click("[name=upload]");
        browser.await("[role=status]", "holiday.mp4 is uploaded.");
        browser.open("/");
        browser.shown(LOADED);
        // The total follows by the table's stream.
        for (int i = 0; i < 100 && !browser.shown("#storage-files").getText().equals("1 file"); i++) {
            browser.click("#storage-refresh");
        }

        browser.await("#storage-used", "1.2 GB");
        assertThat(browser.shown("#storage-share").getText()).isEqualTo("24% of 5 GB");
        assertThat(browser.shown("#storage-meter").getAttribute("aria-valuenow")).isEqualTo("24");
    }

    @Test
    void subscribesAndManagesThePlanAtStripe() {
        signIn("page-plan@example.com");

        browser.click("#plans button");
        browser.await(".sheet", "page-plan@example.com");
        browser.click("a.button");
        browser.await("#notice", "Nothing was paid");
        assertThat(browser.shown("#plans .current").getText()).contains("Free");

        browser.click("#plans button");
        browser.await(".sheet", "Pay");
        browser.click(".sheet .primary");
        browser.await("#notice", "your plan is active");
        browser.await("#plans .current", "Pro");
        browser.await("#plan-words", "Renews on ");
        assertThat(browser.path()).isEqualTo("/");

        browser.click("#plan-manage");
        browser.click("[value=fail-payment]");
        browser.await(".facts", "past_due");
        browser.click(".sheet a");
        browser.await("#plans .current", "Payment failed");

        browser.click("#plan-manage");
        browser.click("[value=pay]");
        browser.await(".facts", "active");
        browser.click("[value=cancel-at-period-end]");
        browser.await(".facts", "ends on");
        browser.click(".sheet a");
        browser.await("#plan-words", "Ends on ");
    }

    @Test
    void saysInWordsThatTheSessionHasEnded() {
        signIn("page-ended@example.com");

        browser.dropCookies();
        browser.click("#storage-refresh");

        browser.await("#notice", "Your session has ended. Sign in again.");
        assertThat(browser.shown("#sign-in").isDisplayed()).isTrue();
    }

    @Test
    void saysInWordsThatTheServerIsAway() {
        signIn("page-away@example.com");

        browser.run("window.fetch = () => Promise.reject(new TypeError('away'))");
        browser.click("#storage-refresh");

        browser.await("#storage .notice", "The server could not be reached.");
        browser.click("#token-regenerate");
        browser.click("#regenerate-confirm");
        browser.await("#regenerate-error", "The server could not be reached.");
    }

    private void checkAndKeep(String name) {
        assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth")).as(name + " fits")
                .isEqualTo(true);
        assertThat(browser.accessibilityViolations()).as(name).isEmpty();
        browser.keepPicture(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sign-in", "checkout", "portal", "files"})
    void leadsToStandInsThatCanBeUsedByEverybody(String page) {
        signIn("page-stand-ins@example.com");
        switch (page) {
            case "sign-in" -> browser.open("/api/auth/sign-in/");
            case "checkout" -> browser.click("#plans button");
            case "portal" -> {
                browser.click("#plans button");
                browser.click(".sheet .primary");
                browser.await("#plans .current", "Pro");
                browser.click("#plan-manage");
            }
            default -> browser.click("#storage-manage");
        }
        browser.shown(".sheet");
        checkAndKeep("stand-in-" + page);
    }
}
