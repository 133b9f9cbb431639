package usersapi.billing;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;

/**
 * A user's subscriptions at Stripe: those of the user's customer, also without an event, and those that were recorded for
 * the user. Subscriptions of other products of the account are left out.
 */
final class UserSubscriptions {

    private static final String SUBSCRIPTIONS = "/v1/subscriptions";
    private static final int PAGE = 100;

    private final Plans plans;

    @Inject
    UserSubscriptions(Plans plans) {
        this.plans = plans;
    }

    /**
     * The user's subscriptions of every status.
     *
     * @param also Stripe's ids of further subscriptions to read
     */
    List<StripeSubscription> read(StripeRequests stripe, Subscriber user, Set<String> also) throws StripeException {
        var found = new LinkedHashMap<String, StripeSubscription>();
        if (user.customerId().isPresent()) {
            var params = Map.<String, Object>of("customer", user.customerId().get(), "status", "all", "limit", PAGE);
            stripe.list(SUBSCRIPTIONS, params).stream().map(StripeSubscription::of)
                    .forEach(subscription -> found.put(subscription.id(), subscription));
        }
        var others = new TreeSet<>(user.subscriptionIds());
        others.addAll(also);
        for (var id : others) {
            if (!found.containsKey(id)) {
                retrieve(stripe, id).ifPresent(subscription -> found.put(id, subscription));
            }
        }
        return found.values().stream().filter(subscription -> isOf(user, subscription)).toList();
    }

    /** Reads a subscription; empty if it does not exist, because Stripe's test data can be deleted. */
    static Optional<StripeSubscription> retrieve(StripeRequests stripe, String id) throws StripeException {
        try {
            return Optional.of(existing(stripe, id));
        } catch (InvalidRequestException e) {
            if (StripeFailure.of(e).isMissing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Reads a subscription.
     *
     * @throws InvalidRequestException also if it does not exist
     */
    static StripeSubscription existing(StripeRequests stripe, String id) throws StripeException {
        return StripeSubscription.of(stripe.get(StripeRequests.path(SUBSCRIPTIONS, id), Map.of()));
    }

    /**
     * Whether it belongs to the user and to this product: by its price, by this API's checkout, or because it was recorded
     * before.
     */
    boolean isOf(Subscriber user, StripeSubscription subscription) {
        return subscription.userId().map(user.userId()::equals)
                .orElseGet(() -> user.subscriptionIds().contains(subscription.id()) || isOfPlan(subscription));
    }

    /** Whether one of its prices belongs to a plan. */
    boolean isOfPlan(StripeSubscription subscription) {
        return plans.highestOf(subscription.prices()).isPresent();
    }

    /** Whether it gives the user a configured plan. */
    boolean givesPlan(StripeSubscription subscription) {
        return subscription.isProviding() && isOfPlan(subscription);
    }

    /**
     * The plan that the subscription gives by its price. If the price belongs to no plan, the plan that was recorded for
     * this subscription stays, if it is still configured.
     */
    String planBy(Subscriber user, StripeSubscription subscription) {
        if (!subscription.isProviding()) {
            return Subscription.FREE;
        }
        return plans.highestOf(subscription.prices())
                .or(() -> user.subscription().filter(recorded -> recorded.id().equals(subscription.id()))
                        .map(Subscription::plan).filter(plan -> plans.rank(plan) >= 0))
                .orElse(Subscription.FREE);
    }

    /**
     * The subscription that counts. The order is: one that gives a configured plan, one that keeps a recorded plan, a living
     * one of a plan, another living one, an ended one; then by status, by plan, and the newest first.
     */
    Optional<StripeSubscription> best(Subscriber user, List<StripeSubscription> subscriptions) {
        return subscriptions.stream().max(order(user));
    }

    /** All subscriptions in the same order. */
    List<StripeSubscription> bestFirst(Subscriber user, List<StripeSubscription> subscriptions) {
        return subscriptions.stream().sorted(order(user).reversed()).toList();
    }

    private Comparator<StripeSubscription> order(Subscriber user) {
        return Comparator.<StripeSubscription>comparingInt(subscription -> standing(user, subscription))
                .thenComparingInt(UserSubscriptions::statusRank)
                .thenComparingInt(subscription -> plans.rank(planBy(user, subscription)))
                .thenComparingLong(StripeSubscription::created).thenComparing(StripeSubscription::id);
    }

    private int standing(Subscriber user, StripeSubscription subscription) {
        if (givesPlan(subscription)) {
            return 4;
        }
        if (!planBy(user, subscription).equals(Subscription.FREE)) {
            return 3;
        }
        if (!subscription.isLiving()) {
            return 0;
        }
        return isOfPlan(subscription) ? 2 : 1;
    }

    private static int statusRank(StripeSubscription subscription) {
        return switch (subscription.status()) {
            case "active", "trialing" -> 2;
            case "past_due" -> 1;
            default -> 0;
        };
    }

    /** The values to record. */
    Subscription toRecord(Subscriber user, StripeSubscription subscription) {
        return new Subscription(subscription.id(), subscription.customerId(), planBy(user, subscription),
                subscription.status(), subscription.periodEnd(), subscription.isEnding(), subscription.cancelAt(),
                subscription.trialEnd(), subscription.isPaymentFailed());
    }

    /** The subscriptions that Stripe may still bill. */
    static List<StripeSubscription> living(List<StripeSubscription> subscriptions) {
        return subscriptions.stream().filter(StripeSubscription::isLiving).toList();
    }
}
