package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page with answers that are rare, malformed, late or missing: each card works alone and reports its own state. */
class OddAnswersTest {

    /** The years 2096 and 2017, in seconds since 1970. */
    private static final String FUTURE = "4000000000";
    private static final String PAST = "1500000000";
    private static final String NOT_UNDERSTOOD = "The server gave an answer that this page does not understand.";

    /** Makes the page's timers twenty times as fast. */
    private static final String FAST_CLOCK = """
            const timer = window.setTimeout;
            window.setTimeout = (action, milliseconds) => timer(action, milliseconds / 20);""";

    /** Times in milliseconds of years that no date can have. */
    private static final String TIMES_OUT_OF_RANGE = """
            {"tokens": [{"id": "t", "label": "l", "created": 9e12, "read_only": true}],
             "sessions": [{"id": "s", "created": 1, "expires": -9e12, "current": true}],
             "plan": "pro", "status": "active", "current_period_end": 9e12}""";

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("de-DE");

    private static Browser open(PretendedApi answers) {
        BROWSER.get().pretend(answers);
        BROWSER.get().openSettings();
        return BROWSER.get();
    }

    private static String plan(String plan, String status, String members) {
        return open(PretendedApi.ofAlice().subscription(plan, status, members)).text("#plan .card");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "active     | 'current_period_end': FUTURE                                | Renews on",
            "active     | 'current_period_end': PAST                                  | The paid period ended on",
            "active     | 'current_period_end': FUTURE, 'cancel_at_period_end': true  | Ends on",
            "active     | 'current_period_end': FUTURE, 'cancel_at': FUTURE           | Ends on",
            "active     | 'current_period_end': PAST, 'cancel_at_period_end': true    | Your subscription ended on",
            "active     | 'current_period_end': null                                  | Your subscription is active.",
            "active     | 'payment_failed': true                                      | The last payment did not go through.",
            "trialing   | 'trial_end': FUTURE                                         | Your trial ends on",
            "trialing   | 'trial_end': PAST                                           | Your trial ended on",
            "trialing   | 'trial_end': FUTURE, 'cancel_at': FUTURE                    | Your trial and your subscription end on",
            "past_due   | 'payment_failed': true                                      | The last payment did not go through.",
            "on_hold    | 'payment_failed': false                                     | Stripe says of your subscription: on hold."})
    void saysWhatALivingSubscriptionsStateMeans(String status, String members, String words) {
        var shown = plan("pro", "\"" + status + "\"",
                members.replace('\'', '"').replace("FUTURE", FUTURE)
                        .replace("PAST", PAST));

        assertThat(shown).contains(words).doesNotContain("Subscribe");
        assertThat(BROWSER.get().text("#plans .current")).contains("Pro");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "unpaid     | Your subscription is suspended until it is paid.          | Pay what is open",
            "incomplete | Your subscription begins when its first payment is made. | Pay what is open",
            "paused     | Your subscription is paused.                              | Manage billing"})
    void leadsToThePortalWhereASubscriptionLivesAndGivesNoPlan(String status, String words, String way) {
        var shown = plan("free", "\"" + status + "\"", "\"payment_failed\": true");

        assertThat(shown).contains(words).doesNotContain("Subscribe to", "Change to", "Payment failed");
        assertThat(BROWSER.get().text("#plans .current")).contains("Free", "Your plan");
        if (!status.equals("paused")) {
            assertThat(BROWSER.get().text("#plan-manage")).isEqualTo(way);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "null                 | You are on the Free plan.", "\"canceled\"         | Your subscription has ended.",
            "\"incomplete_expired\" | Your subscription did not begin"})
    void offersACheckoutOnlyWhereNothingLives(String status, String words) {
        assertThat(plan("free", status, "\"payment_failed\": false")).contains(words, "Subscribe to Pro");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enterprise-2019", "constructor", "__proto__"})
    void namesAPlanThatTheConfigurationDoesNotKnow(String plan) {
        open(PretendedApi.ofAlice().subscription(plan, "\"active\""));

        assertThat(BROWSER.get().text("#plans .current")).contains(plan, "Your plan");
        assertThat(BROWSER.get().text("#plans")).contains("Change to Pro");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "\"x\"", "5", "<!doctype html>", "{\"url\": null}",
            "{\"url\": \"undefined\"}", "{\"url\": \"javascript:alert(1)\"}", "{\"url\": \"data:text/html,x\"}",
            "{\"url\": \"http://example.com/\"}", "{\"url\": [\"https://example.com/\"]}"})
    void goesNowhereWithoutAnAddressThatItMayGoTo(String answer) {
        open(PretendedApi.ofAlice().answer("POST /api/users/stripe/checkout/", answer));

        BROWSER.get().click("#plans button");

        BROWSER.get().await("#plan .notice", NOT_UNDERSTOOD);
        assertThat(BROWSER.get().path()).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", TIMES_OUT_OF_RANGE, "<b>", "{\"tokens\": [null], \"sessions\": [{}]}",
            "{\"plan\": {}, \"status\": 5, \"tz\": 5, \"access_token\": 5, \"total_bytes\": \"1\"}"})
    void saysThatAnAnswerOfAnotherShapeIsNotUnderstood(String answer) {
        var cards = Map.of("token", "me/token/", "storage", "storage/", "zone", "settings/", "plan",
                "stripe/subscription/", "sessions", "sessions/", "tokens", "tokens/");
        var odd = PretendedApi.ofAlice();
        cards.values().forEach(route -> odd.answer("GET /api/users/" + route, answer));
        open(odd);

        assertThat(BROWSER.get().text("#email")).isEqualTo("alice@example.com");
        assertThat(cards.keySet()).allSatisfy(
                card -> assertThat(BROWSER.get().text("#" + card + " .notice")).contains(NOT_UNDERSTOOD));

        BROWSER.get().change(PretendedApi.ofAlice());
        for (var card : cards.keySet()) {
            BROWSER.get().focus("#" + card + " .notice button");
            BROWSER.get().type("\n");
            BROWSER.get().awaitThat("document.querySelector('#%s .notice').hidden".formatted(card));
            assertThat(BROWSER.get().run("return document.activeElement.closest('#" + card + "') !== null"))
                    .isEqualTo(true);
        }
    }

    @ParameterizedTest
    @CsvSource({"token, me/token/", "storage, storage/", "zone, settings/", "plan, stripe/subscription/",
            "sessions, sessions/", "tokens, tokens/"})
    void letsNoCardDisturbAnother(String card, String route) {
        open(PretendedApi.ofAlice().answer("GET /api/users/" + route, "null"));

        assertThat(BROWSER.get()
                .run("""
                        return [...document.querySelectorAll('#settings .notice:not([hidden])')]
                            .map((notice) => notice.closest('#token, #storage, #zone, #plan, #sessions, #tokens').id).join()"""))
                .isEqualTo(card);
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

    @ParameterizedTest
    @CsvSource({"1, in 1 second.", "37, in 37 seconds.", "soon, in a moment."})
    void saysWhenToTryAgain(String header, String words) {
        open(PretendedApi.ofAlice().answer("POST /api/users/stripe/checkout/", 429,
                "{\"message\": \"Too many requests\"}", "Retry-After", header));

        BROWSER.get().click("#plans button");

        BROWSER.get().await("#plan .notice", words);
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | 0 bytes", "1 | 1 byte", "999 | 999 bytes", "999499 | 999 kB",
            "999999 | 1 MB", "1234567 | 1.23 MB", "9223372036854775807 | 9.22 EB"})
    void saysAmountsInTheRightUnit(String amount, String words) {
        open(PretendedApi.ofAlice().answer("GET /api/users/storage/",
                "{\"total_bytes\": %s, \"file_count\": 1}".formatted(amount)));

        assertThat(BROWSER.get().text("#storage-used")).isEqualTo(words);
    }

    @Test
    void speaksEnglishWhateverTheBrowserSpeaks() {
        var shown = plan("pro", "\"active\"", "\"current_period_end\": 1797500000");

        assertThat(shown).contains("December 17, 2026");
        assertThat(BROWSER.get().text("#zone-now")).containsPattern("(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"👩‍👩‍👧smile@example.com | 👩‍👩‍👧", "élan@example.com | É", "'' | –"})
    void beginsANameWithAWholeCharacter(String email, String initial) {
        open(PretendedApi.ofAlice().answer("GET /api/users/me/",
                "{\"external_id\": \"alice-1\", \"email\": \"%s\", \"is_authenticated\": true}".formatted(email)));

        assertThat(BROWSER.get().text("#avatar")).isEqualTo(initial);
        assertThat(BROWSER.get().text("#external-id")).isEqualTo("alice-1");
    }
}
