package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The open page when the user comes back to it: it asks for everything again, and shows what the answers say now. */
class OpenPageTest {

    /** The years 2096 and 2017, in seconds since 1970. */
    private static final String FUTURE = "4000000000";
    private static final String PAST = "1500000000";
    private static final String NOT_UNDERSTOOD = "The server gave an answer that this page does not understand.";

    /** Times in milliseconds of years that no date can have. */
    private static final String TIMES_OUT_OF_RANGE = """
            {"tokens": [{"id": "t", "label": "l", "created": 9e12, "read_only": true}],
             "sessions": [{"id": "s", "created": 1, "expires": -9e12, "current": true}],
             "plan": "pro", "status": "active", "current_period_end": 9e12}""";

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("de-DE", PretendedApi.ofAlice());

    private static String plan(String plan, String status, String members) {
        BROWSER.get().comeBack(PretendedApi.ofAlice().subscription(plan, status, members));
        return BROWSER.get().text("#plan .card");
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
        BROWSER.get().comeBack(PretendedApi.ofAlice().subscription(plan, "\"active\""));

        assertThat(BROWSER.get().text("#plans .current")).contains(plan, "Your plan");
        assertThat(BROWSER.get().text("#plans")).contains("Change to Pro");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "\"x\"", "5", "<!doctype html>", "{\"url\": null}",
            "{\"url\": \"undefined\"}", "{\"url\": \"javascript:alert(1)\"}", "{\"url\": \"data:text/html,x\"}",
            "{\"url\": \"http://example.com/\"}", "{\"url\": [\"https://example.com/\"]}"})
    void goesNowhereWithoutAnAddressThatItMayGoTo(String answer) {
        BROWSER.get().comeBack(PretendedApi.ofAlice().answer("POST /api/users/stripe/checkout/", answer));

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
        BROWSER.get().comeBack(odd);

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
        BROWSER.get().comeBack(PretendedApi.ofAlice().answer("GET /api/users/" + route, "null"));

        assertThat(BROWSER.get()
                .run("""
                        return [...document.querySelectorAll('#settings .notice:not([hidden])')]
                            .map((notice) => notice.closest('#token, #storage, #zone, #plan, #sessions, #tokens').id).join()"""))
                .isEqualTo(card);
    }

    @ParameterizedTest
    @CsvSource({"1, in 1 second.", "37, in 37 seconds.", "soon, in a moment."})
    void saysWhenToTryAgain(String header, String words) {
        BROWSER.get().comeBack(PretendedApi.ofAlice().answer("POST /api/users/stripe/checkout/", 429,
                "{\"message\": \"Too many requests\"}", "Retry-After", header));

        BROWSER.get().click("#plans button");

        BROWSER.get().await("#plan .notice", words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | 0 bytes", "1 | 1 byte", "999 | 999 bytes", "999499 | 999 kB",
            "999999 | 1 MB", "1234567 | 1.23 MB", "9223372036854775807 | 9.22 EB"})
    void saysAmountsInTheRightUnit(String amount, String words) {
        BROWSER.get().comeBack(PretendedApi.ofAlice().answer("GET /api/users/storage/",
                "{\"total_bytes\": %s, \"file_count\": 1}".formatted(amount)));

        assertThat(BROWSER.get().text("#storage-used")).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"👩‍👩‍👧smile@example.com | 👩‍👩‍👧", "élan@example.com | É", "'' | –"})
    void beginsANameWithAWholeCharacter(String email, String initial) {
        BROWSER.get().comeBack(PretendedApi.ofAlice().answer("GET /api/users/me/",
                "{\"external_id\": \"alice-1\", \"email\": \"%s\", \"is_authenticated\": true}".formatted(email)));

        assertThat(BROWSER.get().text("#avatar")).isEqualTo(initial);
        assertThat(BROWSER.get().text("#external-id")).isEqualTo("alice-1");
    }
}
