package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.standin.stripe.StripeAccount;
import usersapi.subscription.Subscription;
import usersapi.testing.Generator;
import usersapi.testing.Seeded;

/** A user's subscription is right after any events, in any order and with repetitions. */
class EventOrderTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    /** The events that can happen, to the newest subscription or to the one before it. */
    enum Step {
        SUBSCRIBE_PRO, SUBSCRIBE_TEAM, FAIL, PAY, UNPAID, CANCEL, CANCEL_OLDER, PAY_OLDER
    }

    /** The expected final state of a subscription. */
    private record Known(String id, String plan, String status) {

        boolean isLive() {
            return !status.equals("canceled");
        }

        boolean isPaid() {
            return isLive() && !status.equals("unpaid");
        }
    }

    @Test
    void theUserEndsUpWithTheSubscriptionThatCounts() {
        Seeded.withRandom(random -> {
            var steps = Generator.of(Step.values()).list(1, 8);
            for (int i = 0; i < 60; i++) {
                theUserEndsUpWithTheSubscriptionThatCountsAfter(steps.next(random), random);
            }
        });
    }

    private static void theUserEndsUpWithTheSubscriptionThatCountsAfter(List<Step> steps, RandomGenerator random) {
        var userId = BILLING.user();
        var webhook = new StripeWebhookHandler(BILLING::variable);
        var subscriptions = new LinkedHashMap<String, Known>();
        var waiting = new ArrayList<StripeAccount.Event>();
        for (var step : steps) {
            waiting.addAll(take(step, userId, subscriptions));
            // Some events arrive before the next step.
            for (int i = random.nextInt(3); i > 0 && !waiting.isEmpty(); i--) {
                var event = waiting.get(random.nextInt(waiting.size()));
                if (random.nextBoolean()) {
                    waiting.remove(event);
                }
                deliver(webhook, event);
            }
        }
        waiting.addAll(List.copyOf(waiting.subList(0, random.nextInt(waiting.size() + 1))));
        Collections.shuffle(waiting, random);
        // The last event of each subscription arrives after all its changes.
        subscriptions.keySet()
                .forEach(id -> waiting.add(random.nextInt(waiting.size() + 1), BILLING.account().updated(id)));
        waiting.forEach(event -> deliver(webhook, event));

        var profile = BILLING.profile(userId);
        var counting = counting(subscriptions);
        if (counting == null) {
            assertThat(profile).doesNotContainKey("plan");
        } else {
            assertThat(profile.get("stripe_subscription_id").s()).isEqualTo(counting.id);
            assertThat(profile.get("subscription_status").s()).isEqualTo(counting.status);
            assertThat(profile.get("plan").s()).isEqualTo(counting.isPaid() ? counting.plan : Subscription.FREE);
        }
    }

    /**
     * The one that counts: what gives a plan, by status, by plan, and the newest; else the newest that lives; else the
     * newest.
     */
    private static Known counting(Map<String, Known> subscriptions) {
        var all = new ArrayList<>(subscriptions.values()).reversed();
        return all.stream().filter(Known::isPaid)
                .max(Comparator.comparingInt((Known one) -> one.status.equals("active") ? 1 : 0)
                        .thenComparing(one -> one.plan).thenComparingInt(one -> -all.indexOf(one)))
                .or(() -> all.stream().filter(Known::isLive).findFirst()).or(() -> all.stream().findFirst())
                .orElse(null);
    }

    private static void deliver(StripeWebhookHandler webhook, StripeAccount.Event event) {
        assertThat(BILLING.send(webhook, event).status()).isEqualTo(200);
    }

    private static List<StripeAccount.Event> take(Step step, String userId, Map<String, Known> subscriptions) {
        return switch (step) {
            case SUBSCRIBE_PRO -> subscribe(userId, "pro", subscriptions);
            case SUBSCRIBE_TEAM -> subscribe(userId, "team", subscriptions);
            case FAIL -> change(0, "past_due", subscriptions);
            case PAY -> change(0, "active", subscriptions);
            case UNPAID -> change(0, "unpaid", subscriptions);
            case CANCEL -> change(0, "canceled", subscriptions);
            case CANCEL_OLDER -> change(1, "canceled", subscriptions);
            case PAY_OLDER -> change(1, "active", subscriptions);
        };
    }

    private static List<StripeAccount.Event> subscribe(String userId, String plan, Map<String, Known> subscriptions) {
        var created = BILLING.account().subscribe("price_" + plan, Map.of("external_id", userId));
        var id = BillingFixture.subscriptionId(List.of(created));
        subscriptions.put(id, new Known(id, plan, "active"));
        return List.of(created, BILLING.account().pay(id).getFirst());
    }

    /** Changes the newest subscription, or an earlier one; a canceled one stays canceled. */
    private static List<StripeAccount.Event> change(int before, String status, Map<String, Known> subscriptions) {
        var all = List.copyOf(subscriptions.values()).reversed();
        if (all.size() <= before || !all.get(before).isLive()) {
            return List.of();
        }
        var changed = new Known(all.get(before).id, all.get(before).plan, status);
        subscriptions.put(changed.id, changed);
        return switch (status) {
            case "past_due" -> BILLING.account().failPayment(changed.id);
            case "active" -> BILLING.account().pay(changed.id);
            case "canceled" -> List.of(BILLING.account().cancel(changed.id));
            default -> List.of(BILLING.account().status(changed.id, status));
        };
    }
}
