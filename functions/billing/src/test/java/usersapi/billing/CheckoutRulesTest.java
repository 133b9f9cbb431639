package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.standin.MovingClock;
import usersapi.standin.stripe.Fault;
import usersapi.standin.stripe.LocalStripe;

/** The rules by which a user gets a checkout, so that nobody pays twice. */
@Timeout(120)
class CheckoutRulesTest {

    private static final MovingClock CLOCK = new MovingClock();

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture(CLOCK);

    private final String userId = BILLING.user();

    @AfterEach
    void heal() {
        BILLING.stripe().heal();
    }

    @Test
    void m1WhoHasAPlanIsRefusedAnotherOneAndLedToThePortal() {
        BILLING.subscribe(userId, "pro");

        var refused = BILLING.checkout(userId, "team");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().string("detail"))
                .contains("plan: already subscribed to \"pro\" (active); change it in the billing portal");
        assertThat(BILLING.payable(userId)).isEmpty();
    }

    @Test
    void m2AnotherPlanInAnotherTabEndsTheFirstTabsCheckout() {
        var pro = session(BILLING.checkout(userId, "pro"));
        int before = BILLING.stripe().requests().size();

        var team = session(BILLING.checkout(userId, "team"));

        assertThat(BILLING.payable(userId)).containsExactly(team);
        assertThat(BILLING.account().complete(pro)).isEmpty();
        assertThat(BILLING.account().complete(team)).isPresent();
        assertThat(BILLING.account().subscriptions(BILLING.customerId(userId))).hasSize(1);
        assertThat(BILLING.stripe().requests().stream().skip(before).map(LocalStripe.Request::path))
                .contains("/v1/checkout/sessions/" + pro + "/expire");
    }

    @Test
    void m3ACheckoutThatWasLeftIsGivenAgain() {
        var first = session(BILLING.checkout(userId, "pro"));
        CLOCK.forward(3600);
        int before = BILLING.stripe().requests().size();

        assertThat(session(BILLING.checkout(userId, "pro"))).isEqualTo(first);

        assertThat(BILLING.stripe().requests().stream().skip(before)).extracting(LocalStripe.Request::method)
                .containsOnly("GET");
    }

    @Test
    void m3AnExpiredCheckoutIsFollowedByANewOne() {
        var first = session(BILLING.checkout(userId, "pro"));
        CLOCK.forward(24 * 3600);

        var second = session(BILLING.checkout(userId, "pro"));

        assertThat(second).isNotEqualTo(first);
        assertThat(BILLING.payable(userId)).containsExactly(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pro", "team"})
    void m4APaidCheckoutCountsBeforeItsWebhookCame(String plan) {
        BILLING.account().complete(session(BILLING.checkout(userId, "pro")));

        assertThat(BILLING.checkout(userId, plan).status()).isEqualTo(400);
        assertThat(BILLING.payable(userId)).isEmpty();
    }

    @Test
    void m4ACheckoutThatIsPaidWhileAnotherIsAskedForCounts() {
        var pro = session(BILLING.checkout(userId, "pro"));
        // After the subscriptions were listed, before the open checkout is expired.
        BILLING.stripe().beforeNextAnswer(() -> {});
        BILLING.stripe().beforeNextAnswer(() -> BILLING.account().complete(pro));

        var refused = BILLING.checkout(userId, "team");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().string("detail").orElseThrow()).startsWith("plan: already subscribed");
        assertThat(BILLING.payable(userId)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trialing", "past_due", "unpaid", "paused", "incomplete"})
    void m5WhileASubscriptionLivesThereIsNoCheckout(String status) {
        var subscriptionId = BillingFixture.subscriptionId(BILLING.subscribe(userId, "pro"));
        BILLING.account().status(subscriptionId, status);

        for (var plan : List.of("pro", "team")) {
            var refused = BILLING.checkout(userId, plan);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().string("detail").orElseThrow()).startsWith("plan: already subscribed to \"pro\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"canceled", "incomplete_expired"})
    void anEndedSubscriptionRefusesNoCheckout(String status) {
        var subscriptionId = BillingFixture.subscriptionId(BILLING.subscribe(userId, "pro"));
        BILLING.account().status(subscriptionId, status);

        assertThat(BILLING.checkout(userId, "pro").status()).isEqualTo(200);
    }

    @Test
    void m6AnotherProductsSubscriptionRefusesNoCheckout() {
        BILLING.checkout(userId, "pro");
        BILLING.account().subscribe(BILLING.customerId(userId), List.of("price_newspaper"), Map.of());

        assertThat(BILLING.checkout(userId, "pro").status()).isEqualTo(200);
    }

    @Test
    void aSubscriptionBeyondTheFirstPageIsFound() {
        BILLING.checkout(userId, "pro");
        var customerId = BILLING.customerId(userId);
        BILLING.account().subscribe(customerId, List.of("price_pro"), Map.of());
        for (int i = 0; i < 100; i++) {
            BILLING.account().subscribe(customerId, List.of("price_newspaper"), Map.of());
        }

        assertThat(BILLING.checkout(userId, "pro").status()).isEqualTo(400);
    }

    @Test
    void m15ACustomerDeletedAtStripeIsMadeAnew() {
        BILLING.subscribe(userId, "pro");
        var deleted = BILLING.customerId(userId);
        BILLING.account().deleteCustomer(deleted);

        var session = session(BILLING.checkout(userId, "team"));

        assertThat(BILLING.customerId(userId)).isNotEqualTo(deleted);
        assertThat(BILLING.payable(userId)).containsExactly(session);
        assertThat(BILLING.account().checkoutSession(session).orElseThrow().path("customer").asText())
                .isEqualTo(BILLING.customerId(userId));
    }

    @Test
    void m15AnOpenCheckoutOfACustomerDeletedAtStripeIsNotGivenAgain() {
        var dead = session(BILLING.checkout(userId, "pro"));
        BILLING.account().deleteCustomer(BILLING.customerId(userId));

        var session = session(BILLING.checkout(userId, "pro"));

        assertThat(session).isNotEqualTo(dead);
        assertThat(BILLING.account().complete(session)).isPresent();
    }

    @Test
    void m16AnAddressThatStripeRefusesIsNotGiven() {
        BILLING.account().refuseAddress(userId + "@example.com");

        assertThat(BILLING.checkout(userId, "pro").status()).isEqualTo(200);

        assertThat(BILLING.account().customers().getFirst().path("email").isNull()).isTrue();
        assertThat(BILLING.stripe().requests().stream().filter(request -> request.path().equals("/v1/customers"))
                .map(request -> request.headers().get("idempotency-key")).distinct()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void anErrorThatIsSavedDoesNotBlockTheNextAttempt() {
        BILLING.checkout(userId, "pro");
        BILLING.account().complete(BILLING.payable(userId).getFirst());
        BILLING.account().cancel(BILLING.account().newestSubscription(BILLING.customerId(userId)).orElseThrow()
                .path("id").asText());
        afterFourAnswers(() -> BILLING.stripe().fail(Fault.REFUSED));
        assertThat(BILLING.checkout(userId, "pro").status()).isEqualTo(400);

        var next = BILLING.checkout(userId, "pro");

        assertThat(next.status()).isEqualTo(200);
        assertThat(BILLING.payable(userId)).containsExactly(session(next));
    }

    @Test
    void anArchivedPriceDoesNotBlockAnotherPlan() {
        BILLING.account().archive("price_archived");
        var environment = Map.of("STRIPE_PLANS", "old=price_archived,pro=price_pro");
        var handler = new CreateCheckoutSessionHandler(
                BILLING.with(environment));
        var event = BillingFixture.event("create-checkout-session", userId);

        assertThat(BILLING.invoke(handler, event.put("body", "{\"plan\":\"old\"}")).status()).isEqualTo(400);
        assertThat(BILLING.invoke(handler, event.put("body", "{\"plan\":\"pro\"}")).status()).isEqualTo(200);
    }

    @Test
    void promotionCodesTaxAndTrialAreOfferedAsConfigured() {
        var environment = Map.of("STRIPE_PROMOTION_CODES", "true", "STRIPE_AUTOMATIC_TAX", "true",
                "STRIPE_TRIAL_DAYS", "14");
        var handler = new CreateCheckoutSessionHandler(
                BILLING.with(environment));
        var event = BillingFixture.event("create-checkout-session", userId);

        var first = BILLING.invoke(handler, event);

        assertThat(BILLING.stripe().requests().getLast().parameters()).containsEntry("allow_promotion_codes", "true")
                .containsEntry("automatic_tax[enabled]", "true").containsEntry("customer_update[address]", "auto")
                .containsEntry("subscription_data[trial_period_days]", "14");
        BILLING.account().complete(session(first));
        BILLING.account().cancel(BILLING.account().newestSubscription(BILLING.customerId(userId)).orElseThrow()
                .path("id").asText());

        var second = session(BILLING.invoke(handler, event));

        assertThat(BILLING.payable(userId)).containsExactly(second);
        assertThat(BILLING.stripe().requests().getLast().parameters())
                .doesNotContainKey("subscription_data[trial_period_days]");
    }

    @Test
    void aRequestThatStripeDoesNotFinishHoldsUpNoOther() {
        BILLING.account().complete(session(BILLING.checkout(userId, "pro")));
        BILLING.account().cancel(BILLING.account().newestSubscription(BILLING.customerId(userId)).orElseThrow()
                .path("id").asText());
        var second = new AtomicReference<BillingFixture.Response>();
        afterFourAnswers(() -> {
            BILLING.stripe().fail(Fault.REFUSED);
            // While its idempotency key is in use, until this step ends.
            BILLING.stripe().beforeNextAnswer(() -> second.set(BILLING.checkout(userId, "pro")));
        });

        BILLING.checkout(userId, "pro");

        assertThat(second.get().status()).isEqualTo(400);
        assertThat(second.get().body().string("detail"))
                .contains("plan: other checkouts are being opened; try again");
    }

    @Test
    void aCheckoutThatStripeRefusesToExpireIsNotFollowedByAnother() {
        var first = session(BILLING.checkout(userId, "pro"));
        BILLING.stripe().beforeNextAnswer(() -> {});
        BILLING.stripe().beforeNextAnswer(() -> BILLING.stripe().fail(Fault.REFUSED));

        assertThat(BILLING.checkout(userId, "team").status()).isEqualTo(400);

        assertThat(BILLING.payable(userId)).containsExactly(first);
    }

    @Test
    void manyTabsOfOnePlanAreOneCheckout() throws Exception {
        var answers = inParallel(IntStream.range(0, 5).mapToObj(tab -> "pro").toList());

        var given = answers.stream().filter(answer -> answer.status() == 200).map(CheckoutRulesTest::session).toList();
        assertThat(given).isNotEmpty();
        assertThat(BILLING.payable(userId)).containsExactlyElementsOf(given.stream().distinct().toList());
        assertThat(BILLING.account().customers().stream()
                .filter(customer -> customer.path("metadata").path("external_id").asText().equals(userId))).hasSize(1);
    }

    @Test
    void manyTabsAndPlansHaveOnePayableCheckout() throws Exception {
        var answers = inParallel(
                IntStream.range(0, 5).mapToObj(tab -> tab % 2 == 0 ? "pro" : "team").toList());

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status() == 200
                || answer.body().string("detail").isPresent()).isTrue());
        assertThat(BILLING.payable(userId)).hasSizeLessThanOrEqualTo(1);
        assertThat(answers.stream().filter(answer -> answer.status() == 200).map(CheckoutRulesTest::session))
                .containsAll(BILLING.payable(userId));
    }

    /**
     * Runs the step after four answers (two lists, the first checkout and its subscription), before the request with the
     * next key.
     */
    private static void afterFourAnswers(Runnable step) {
        BILLING.stripe().beforeNextAnswer(() -> {});
        BILLING.stripe().beforeNextAnswer(() -> {});
        BILLING.stripe().beforeNextAnswer(() -> {});
        BILLING.stripe().beforeNextAnswer(step);
    }

    private List<BillingFixture.Response> inParallel(List<String> plans) throws Exception {
        try (var threads = Executors.newFixedThreadPool(plans.size())) {
            var answers = threads.invokeAll(
                    plans.stream().<Callable<BillingFixture.Response>>map(plan -> () -> BILLING.checkout(userId, plan))
                            .toList());
            var responses = new ArrayList<BillingFixture.Response>();
            for (var answer : answers) {
                responses.add(answer.get());
            }
            return responses;
        }
    }

    private static String session(BillingFixture.Response response) {
        assertThat(response.status()).as(response.body().toJson()).isEqualTo(200);
        return response.body().string("session_id").orElseThrow();
    }
}
