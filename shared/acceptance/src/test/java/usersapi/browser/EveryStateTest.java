package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** Each state of the page is accessible on each screen. Screenshots are saved under {@code target/screenshots}. */
class EveryStateTest {

    private static final String FUTURE = "4000000000";
    private static final List<String> SCREENS = List.of("light-1280", "dark-375", "light-forced-280");

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    private static void check(String state) {
        BROWSER.get().awaitThat("document.fonts.status === 'loaded'");
        for (var screen : SCREENS) {
            var name = "%s-%s".formatted(state, screen);
            BROWSER.get().size(Integer.parseInt(screen.substring(screen.lastIndexOf('-') + 1)), 900);
            BROWSER.get().media(screen.startsWith("dark") ? "dark" : "light", screen.contains("forced"));
            assertThat(BROWSER.get().run("return document.documentElement.scrollWidth <= innerWidth"))
                    .as(name + " fits").isEqualTo(true);
            assertThat(BROWSER.get().accessibilityViolations()).as(name).isEmpty();
            BROWSER.get().keepPicture(name);
        }
        BROWSER.get().size(1280, 900);
        BROWSER.get().media("light", false);
    }

    private static Object style(String selector, String property) {
        return BROWSER.get()
                .run("return getComputedStyle(document.querySelector('%s')).%s".formatted(selector, property));
    }

    private static void open(UnaryOperator<PretendedApi> change, String address) {
        BROWSER.get().reset();
        BROWSER.get().pretend(change.apply(PretendedApi.ofAlice()));
        BROWSER.get().open(address);
    }

    private static void plan(String name, String plan, String status, String members) {
        open(api -> api.subscription(plan, status, members), "/");
        BROWSER.get().await("#plans .current", "Your plan".equals(name) ? "Your plan" : "");
        BROWSER.get().shown("#plan-words:not(.loading *)");
        check("plan-" + name);
    }

    @Test
    void canBeUsedByEverybody() {
        open(api -> api.never("GET /api/users/me/"), "/");
        check("loading");
        assertThat(style(".loading .skeleton", "animationName")).as("with reduced motion").isEqualTo("none");
        open(api -> api.answer("GET /api/users/me/", 401, "{}"), "/?error=expired");
        BROWSER.get().await("#notice", "no longer valid");
        check("sign-in-refused");
        open(api -> api.answer("GET /api/users/me/", 500, "{}"), "/");
        BROWSER.get().shown("#failed-title");
        check("failed");

        open(api -> api, "/");
        BROWSER.get().shown("#settings:not(:has(.loading))");
        check("settings");
        BROWSER.get().media("light", true, true);
        assertThat(style(".avatar", "borderStyle")).as("with forced colors, and motion").isEqualTo("solid");
        BROWSER.get().focus("#zone-input");
        BROWSER.get().type(Keys.chord(Keys.CONTROL, "a"), "new");
        BROWSER.get().shown("#zone-list .active");
        check("time-zones");
        BROWSER.get().type(Keys.ESCAPE);
        BROWSER.get().click("#token-regenerate");
        BROWSER.get().shown("#regenerate-dialog");
        check("regenerate");
        BROWSER.get().change(PretendedApi.none().answer("POST /api/users/me/token/regenerate/", 500, "{}"));
        BROWSER.get().click("#regenerate-confirm");
        BROWSER.get().shown("#regenerate-error");
        check("regenerate-failed");
        BROWSER.get().type(Keys.ESCAPE);
        BROWSER.get().click("#tokens-list button");
        BROWSER.get().shown("#end-token-dialog");
        check("end-token");
        BROWSER.get().change(PretendedApi.none().answer("GET /api/users/me/",
                "{\"external_id\": \"bob-1\", \"email\": \"bob@example.com\"}"));
        BROWSER.get().leaveAndComeBack();
        BROWSER.get().shown("#other-title");
        check("other");

        var longText = "x".repeat(90) + "@" + "y".repeat(88) + ".example.com";
        open(api -> api
                .answer("GET /api/users/me/",
                        "{\"external_id\": \"%s\", \"email\": \"%s\"}".formatted(longText, longText))
                .answer("GET /api/users/settings/", "{\"tz\": \"America/Argentina/ComodRivadavia\", \"locale\": null}")
                .answer("GET /api/users/tokens/",
                        """
                                {"tokens": [{"id": "t", "label": "%s", "created": 1, "last_used": null, "expires": 4000000000, "read_only": true}]}"""
                                .formatted("l".repeat(100)))
                .subscription("p".repeat(80), "\"active\""), "/");
        BROWSER.get().shown("#settings:not(:has(.loading))");
        check("long");
        open(api -> api.answer("POST /api/users/tokens/",
                "{\"label\": \"New\", \"access_token\": \"QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ5678\"}"), "/");
        BROWSER.get().shown("#settings:not(:has(.loading))");
        BROWSER.get().focus("#tokens-label");
        BROWSER.get().type("New", Keys.ENTER);
        BROWSER.get().shown("#tokens-new-value");
        check("new-token");

        open(api -> api.unreachable("GET /api/users/storage/").answer("GET /api/users/me/token/", "[]")
                .unreachable("GET /api/users/settings/").unreachable("GET /api/users/stripe/subscription/")
                .unreachable("GET /api/users/tokens/").unreachable("GET /api/users/sessions/"), "/");
        BROWSER.get().shown("#settings:not(:has(.loading))");
        check("all-failed");

        plan("active", "pro", "\"active\"", "\"current_period_end\": " + FUTURE);
        plan("trial", "pro", "\"trialing\"", "\"trial_end\": " + FUTURE);
        plan("past-due", "pro", "\"past_due\"", "\"payment_failed\": true");
        plan("unpaid", "free", "\"unpaid\"", "\"payment_failed\": true");
        plan("unknown", "enterprise", "\"active\"", "\"cancel_at\": " + FUTURE);

        open(api -> api.answer("GET /api/users/stripe/checkout/cs_1/",
                "{\"status\": \"complete\", \"paid\": true, \"plan\": \"pro\"}"), "/billing/success?session_id=cs_1");
        BROWSER.get().await("#notice", "Waiting for your plan");
        check("checkout-waiting");
        BROWSER.get().change(PretendedApi.none().subscription("pro", "\"active\""));
        BROWSER.get().await("#notice", "your plan is active");
        check("checkout-done");
    }

    @Test
    void hasAReferenceThatEverybodyCanRead() {
        open(api -> api, "/reference.html");
        BROWSER.get().shown("#StripeWebhook");
        check("reference");
        BROWSER.get().run("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
        check("reference-open");
    }
}
