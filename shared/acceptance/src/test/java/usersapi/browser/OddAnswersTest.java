package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page with answers that are rare, malformed, late or missing: each card works alone and reports its own state. */
class OddAnswersTest {

    private static final String NOT_UNDERSTOOD = "The server gave an answer that this page does not understand.";

    /** Makes the page's timers twenty times as fast. */
    private static final String FAST_CLOCK = """
            const timer = window.setTimeout;
            window.setTimeout = (action, milliseconds) => timer(action, milliseconds / 20);""";

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("de-DE");

    private static void open(PretendedApi answers) {
        BROWSER.get().pretend(answers);
        BROWSER.get().openSettings();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "<b>", "{\"external_id\": 5}", "{\"external_id\": \"\"}"})
    void saysThatItIsNotKnownWhoIsSignedIn(String answer) {
        BROWSER.get().pretend(PretendedApi.ofAlice().answer("GET /api/users/me/", answer));
        BROWSER.get().open("/");
        BROWSER.get().await("#failed-words", NOT_UNDERSTOOD);

        BROWSER.get().change(PretendedApi.ofAlice());
        BROWSER.get().focus("#retry");
        BROWSER.get().type("\n");

        BROWSER.get().await("#email", "alice@example.com");
        assertThat(BROWSER.get().focused().getAttribute("id")).isEqualTo("settings-title");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "5", "<!doctype html>", "{}", "{\"plans\": null}",
            "{\"plans\": {\"free\": null, \"pro\": 5}, \"files_url\": \"javascript:alert(1)\", \"csrf_cookie\": 7}"})
    void needsNoConfiguration(String config) {
        open(PretendedApi.ofAlice().answer("GET /config.json", config));

        assertThat(BROWSER.get().text("#email")).isEqualTo("alice@example.com");
        assertThat(BROWSER.get().text("#token-value")).endsWith("1234");
        assertThat(BROWSER.get().text("#plans .current")).containsIgnoringCase("free").contains("Your plan");
        assertThat(BROWSER.get().isShown("#storage-manage")).isFalse();
    }

    @Test
    void waitsForNoConfiguration() {
        open(PretendedApi.ofAlice().never("GET /config.json"));

        assertThat(BROWSER.get().text("#plans .current")).contains("Free", "Your plan");
    }

    @Test
    void saysThatItWaitsAndOffersToAskAgain() {
        BROWSER.get().runFirst(FAST_CLOCK);
        BROWSER.get().pretend(PretendedApi.ofAlice().never("GET /api/users/storage/"));
        BROWSER.get().open("/");
        BROWSER.get().await("#plans .current", "Free");
        BROWSER.get().await("#storage .notice", "This takes longer than usual.");

        BROWSER.get().change(PretendedApi.ofAlice());
        BROWSER.get().click("#storage .notice button");

        BROWSER.get().await("#storage-used", "1.2 GB");
    }

    @Test
    void goesOnWhenItIsKnownAtLastWhoIsSignedIn() {
        BROWSER.get().runFirst(FAST_CLOCK);
        BROWSER.get().pretend(PretendedApi.ofAlice().never("GET /api/users/me/"));
        BROWSER.get().open("/");
        BROWSER.get().await("#account .notice", "This takes longer than usual.");

        BROWSER.get().change(PretendedApi.ofAlice());
        BROWSER.get().click("#account .notice button");

        BROWSER.get().await("#storage-used", "1.2 GB");
    }

    @Test
    void canBeUsedAgainWhenStripesPageIsStopped() throws IOException {
        // It accepts connections and never answers.
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            open(PretendedApi.ofAlice().answer("POST /api/users/stripe/checkout/",
                    "{\"message\": \"ok\", \"session_id\": \"cs_1\", \"url\": \"https://127.0.0.1:%d/\"}"
                            .formatted(silent.getLocalPort())));
            // The driver waits while a page loads, so the page itself stops loading.
            var press = "setTimeout(() => window.stop(), 1000); document.querySelector('#plans button').click();";
            BROWSER.get().run(press);
            BROWSER.get().awaitThat("document.getElementById('toast').textContent === 'Going to Stripe…'");
            BROWSER.get().run("requests.length = 0;" + press);

            BROWSER.get().awaitThat("requests.includes('POST /api/users/stripe/checkout/')");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{'status': 'open', 'paid': false, 'plan': 'pro'}     | The checkout is not finished.",
            "{'status': 'expired', 'paid': false, 'plan': 'pro'}  | The checkout has expired.",
            "{'status': 'complete', 'paid': true, 'plan': 'team'} | Waiting for your plan",
            "{'status': 'complete', 'paid': false, 'plan': 'pro'} | Waiting for Stripe to say that it was paid",
            "{'status': 'complete', 'paid': true, 'plan': 'pro'}  | The payment is through, and your plan is active.",
            "[]                                                   | The result of the checkout is not known yet."})
    void saysOfACheckoutWhatTheApiSays(String checkout, String words) {
        BROWSER.get().pretend(PretendedApi.ofAlice().subscription("pro", "\"active\"")
                .answer("GET /api/users/stripe/checkout/cs_1/", checkout.replace('\'', '"')));
        BROWSER.get().open("/billing/success?session_id=cs_1");

        BROWSER.get().await("#notice", words);
        assertThat(BROWSER.get().path()).isEqualTo("/");
        if (words.startsWith("Waiting")) {
            assertThat(BROWSER.get().isShown("#notice progress")).isTrue();
        }
    }

    @Test
    void knowsNothingOfAPaymentWhereTheSubscriptionCannotBeAsked() {
        BROWSER.get().pretend(PretendedApi.ofAlice().unreachable("GET /api/users/stripe/subscription/").answer(
                "GET /api/users/stripe/checkout/cs_1/",
                "{\"status\": \"complete\", \"paid\": true, \"plan\": \"pro\"}"));
        BROWSER.get().open("/billing/success?session_id=cs_1");

        BROWSER.get().await("#notice", "The result of the checkout is not known yet.");
        BROWSER.get().change(PretendedApi.ofAlice().subscription("pro", "\"active\""));
        BROWSER.get().click("#notice button");
        BROWSER.get().await("#notice", "The payment is through, and your plan is active.");
        BROWSER.get().await("#plans .current", "Pro");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/billing/success", "/billing/success?session_id=", "/billing/success?session_id=../me/",
            "/billing/success/?session_id={CHECKOUT_SESSION_ID}"})
    void saysNothingOfAPaymentWithoutACheckout(String address) {
        BROWSER.get().pretend(PretendedApi.ofAlice());
        BROWSER.get().open(address);

        BROWSER.get().await("#notice", "This address has no checkout");
    }

    @Test
    void saysInItsOwnWordsWhyASignInCameToNothing() {
        BROWSER.get().pretend(PretendedApi.none().answer("GET /api/users/me/", 401, "{}"));
        BROWSER.get().open("/?error=email_taken");
        BROWSER.get().await("#notice", "Your e-mail address belongs to another account here.");
        assertThat(BROWSER.get().path()).isEqualTo("/");

        BROWSER.get().open("/?error=%3Cb%3Eevil");
        BROWSER.get().await("#notice", "The sign-in did not work.");
        assertThat(BROWSER.get().run("return document.documentElement.outerHTML").toString()).doesNotContain("evil");
    }

    @Test
    void signsInToWhereTheAddressLed() {
        BROWSER.get().pretend(PretendedApi.none().answer("GET /api/users/me/", 401, "{}"));
        BROWSER.get().open("/billing/success?session_id=cs_1#top");

        assertThat(BROWSER.get().shown("#sign-in").getAttribute("href"))
                .endsWith("next=%2Fbilling%2Fsuccess%3Fsession_id%3Dcs_1%23top");
    }

    @Test
    void speaksEnglishWhateverTheBrowserSpeaks() {
        open(PretendedApi.ofAlice().subscription("pro", "\"active\"", "\"current_period_end\": 1797500000"));

        assertThat(BROWSER.get().text("#plan .card")).contains("December 17, 2026");
        assertThat(BROWSER.get().text("#zone-now")).containsPattern("(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day");
    }
}
