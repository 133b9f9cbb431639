package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.json.JsonObject;
import usersapi.standin.MovingClock;
import usersapi.standin.stripe.Fault;
import usersapi.standin.stripe.StripeAccount;
import usersapi.testing.Generator;
import usersapi.testing.RecordingContext;
import usersapi.testing.Seeded;

/**
 * For any order of actions in tabs, of time, of Stripe and of its events: a user never has two payable checkouts or two
 * living subscriptions by this API's checkout, a returned checkout can be paid, and a paying user has the plan after the
 * last event or a reconciliation.
 */
class CheckoutRaceTest {

    private static final MovingClock CLOCK = new MovingClock();
    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture(CLOCK);

    /**
     * The steps that can happen; {@code RACE} is another process's request in the midst of this one's, after some of its
     * calls.
     */
    enum Step {
        OPEN_PRO, OPEN_TEAM, RACE_PRO_WITH_TEAM, RACE_TEAM_WITH_PRO, RACE_WITH_PAYMENT, PAY, PAY_LATER, EXPIRE, CANCEL, DELIVER, DELIVER_AGAIN, LOSE, LOSE_AN_ANSWER, STRIPE_FAILS, DELETE_CUSTOMER, RECONCILE
    }

    private static final int INTERLEAVINGS = 100;

    private static CreateCheckoutSessionHandler checkout;
    private static ReconcileSubscriptionsHandler reconcile;
    private static StripeWebhookHandler webhook;

    @BeforeAll
    static void makeHandlers() {
        // A test may ask as often as it likes.
        checkout = new CreateCheckoutSessionHandler(BILLING.with("STRIPE_REQUESTS_PER_MINUTE", "9999"));
        reconcile = new ReconcileSubscriptionsHandler(BILLING::variable);
        webhook = new StripeWebhookHandler(BILLING::variable);
    }

    @Test
    void nobodyPaysTwiceAndAPayingUserHasThePlan() {
        Seeded.withRandom(random -> {
            var steps = Generator.of(Step.values()).list(2, 12);
            for (int i = 0; i < INTERLEAVINGS; i++) {
                nobodyPaysTwiceAfter(steps.next(random), random);
                BILLING.stripe().heal();
            }
        });
    }

    private static void nobodyPaysTwiceAfter(List<Step> steps, RandomGenerator random) {
        var userId = BILLING.user();
        var waiting = new ArrayList<StripeAccount.Event>();
        for (var step : steps) {
            take(step, userId, waiting, random);
            // A race that waited for more calls than there were has not taken place.
            BILLING.stripe().forgetSteps();

            assertThat(BILLING.payable(userId)).hasSizeLessThanOrEqualTo(1);
            assertThat(living(userId)).hasSizeLessThanOrEqualTo(1);
        }
        for (var id : living(userId)) {
            var event = BILLING.account().status(id, "active");
            if (random.nextBoolean()) {
                deliver(event);
            } else {
                reconcile(userId);
            }
            var profile = BILLING.profile(userId);
            assertThat(profile.get("stripe_subscription_id").s()).isEqualTo(id);
            assertThat(profile.get("plan").s()).isIn("pro", "team");
        }
    }

    private static void take(Step step, String userId, List<StripeAccount.Event> waiting, RandomGenerator random) {
        switch (step) {
            case OPEN_PRO -> openAlone(userId, "pro");
            case OPEN_TEAM -> openAlone(userId, "team");
            case RACE_PRO_WITH_TEAM -> race(random, () -> open(userId, "team"), () -> open(userId, "pro"));
            case RACE_TEAM_WITH_PRO -> race(random, () -> open(userId, "pro"), () -> open(userId, "team"));
            case RACE_WITH_PAYMENT -> race(random, () -> pay(userId, waiting), () -> open(userId, "team"));
            case PAY -> pay(userId, waiting);
            case PAY_LATER -> BILLING.payable(userId)
                    .forEach(id -> BILLING.account().completeWithoutPayment(id).ifPresent(waiting::addAll));
            case EXPIRE -> CLOCK.forward(24 * 3600);
            case CANCEL -> living(userId).forEach(id -> waiting.add(BILLING.account().cancel(id)));
            case DELIVER -> {
                if (!waiting.isEmpty()) {
                    deliver(waiting.remove(random.nextInt(waiting.size())));
                }
            }
            case DELIVER_AGAIN -> {
                if (!waiting.isEmpty()) {
                    deliver(waiting.get(random.nextInt(waiting.size())));
                }
            }
            case LOSE -> waiting.clear();
            case LOSE_AN_ANSWER -> {
                race(random, () -> BILLING.stripe().fail(Fault.LOST), () -> open(userId, "pro"));
                // A fault that no call met must not hit a later call: after two in a row a request fails.
                BILLING.stripe().heal();
            }
            case STRIPE_FAILS -> {
                var faults = Generator.of(Fault.REFUSED, Fault.RATE_LIMITED, Fault.ERROR).next(random);
                race(random, () -> BILLING.stripe().fail(faults), () -> checkout(userId, "team"));
                BILLING.stripe().heal();
            }
            case RECONCILE -> reconcile(userId);
            case DELETE_CUSTOMER -> BILLING.account().customers().stream()
                    .map(customer -> customer.path("id").asText()).filter(customerIds(userId)::contains)
                    .forEach(id -> waiting.addAll(BILLING.account().deleteCustomer(id)));
        }
    }

    /** Runs a step in the middle of a request, after some answered calls of Stripe's API. */
    private static void race(RandomGenerator random, Runnable meanwhile, Runnable request) {
        for (int i = random.nextInt(6); i > 0; i--) {
            BILLING.stripe().beforeNextAnswer(() -> {});
        }
        BILLING.stripe().beforeNextAnswer(meanwhile);
        request.run();
    }

    /** A checkout that nothing races with can be paid. */
    private static void openAlone(String userId, String plan) {
        var answer = checkout(userId, plan);
        assertPlausible(answer);
        answer.body().string("session_id").ifPresent(id -> assertThat(BILLING.payable(userId)).containsExactly(id));
    }

    private static void open(String userId, String plan) {
        assertPlausible(checkout(userId, plan));
    }

    private static BillingFixture.Response checkout(String userId, String plan) {
        return BILLING.invoke(checkout, BillingFixture.event("create-checkout-session", userId).put("body",
                new JsonObject().put("plan", plan).toJson()));
    }

    private static void assertPlausible(BillingFixture.Response answer) {
        assertThat(answer.status() == 200 || answer.body().string("detail").isPresent())
                .as(answer.body().toJson() + answer.log().toJson()).isTrue();
    }

    private static void reconcile(String userId) {
        var answer = BillingFixture.object(new RecordingContext("Probe").invoke(reconcile,
                new JsonObject().put("external_id", userId).toJson()));
        assertThat(answer.get("failed")).isEqualTo(0L);
    }

    private static void pay(String userId, List<StripeAccount.Event> waiting) {
        BILLING.payable(userId).forEach(id -> BILLING.account().complete(id).ifPresent(waiting::addAll));
    }

    private static void deliver(StripeAccount.Event event) {
        assertThat(BILLING.send(webhook, event).status()).isEqualTo(200);
    }

    private static List<String> customerIds(String userId) {
        return BILLING.account().checkoutSessions().stream()
                .filter(session -> session.path("client_reference_id").asText().equals(userId))
                .map(session -> session.path("customer").asText()).distinct().toList();
    }

    private static List<String> living(String userId) {
        return customerIds(userId).stream().flatMap(id -> BILLING.account().subscriptions(id).stream())
                .filter(subscription -> !List.of("canceled", "incomplete_expired")
                        .contains(subscription.path("status").asText()))
                .map(subscription -> subscription.path("id").asText()).toList();
    }
}
