package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.param.SubscriptionListParams;
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
 * A user's subscriptions as Stripe tells them: those of the user's customer, which are found also if no event of them ever
 * came, and those that were recorded for the user. One that another product of the account has made is none of them.
 */
final class UserSubscriptions {

    private static final long PAGE = 100;

    private final Plans plans;

    @Inject
    UserSubscriptions(Plans plans) {
        this.plans = plans;
    }

    /**
     * Those of the user, whatever their status.
     *
     * @param also Stripe's ids of further ones to look at
     */
    List<StripeSubscription> read(StripeClient stripe, Subscriber user, Set<String> also) throws StripeException {
        var found = new LinkedHashMap<String, StripeSubscription>();
        if (user.customerId().isPresent()) {
            list(stripe, user.customerId().get(), found);
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

    private static void list(StripeClient stripe, String customerId, Map<String, StripeSubscription> found)
            throws StripeException {
        var params = SubscriptionListParams.builder().setCustomer(customerId)
                .setStatus(SubscriptionListParams.Status.ALL).setLimit(PAGE);
        while (true) {
            var page = stripe.v1().subscriptions().list(params.build());
            page.getData().stream().map(StripeSubscription::of)
                    .forEach(subscription -> found.put(subscription.id(), subscription));
            if (!page.getHasMore()) {
                return;
            }
            params.setStartingAfter(page.getData().getLast().getId());
        }
    }

    /** Empty for one that is no more: Stripe's test data can be deleted. */
    static Optional<StripeSubscription> retrieve(StripeClient stripe, String id) throws StripeException {
        try {
            return Optional.of(StripeSubscription.of(stripe.v1().subscriptions().retrieve(id)));
        } catch (InvalidRequestException e) {
            if (StripeFailure.of(e).isMissing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether it is the user's and of this product: by its price, by our checkout, or because it was before. */
    boolean isOf(Subscriber user, StripeSubscription subscription) {
        return subscription.userId().map(user.userId()::equals)
                .orElseGet(() -> user.subscriptionIds().contains(subscription.id()) || isOfPlan(subscription));
    }

    /** Whether one of its prices is a plan's. */
    boolean isOfPlan(StripeSubscription subscription) {
        return plans.highestOf(subscription.prices()).isPresent();
    }

    /** Whether it gives the user a plan that is configured. */
    boolean givesPlan(StripeSubscription subscription) {
        return subscription.isProviding() && isOfPlan(subscription);
    }

    /**
     * The plan that the user has by this subscription: by its price. At a price that is no plan's the plan that was recorded
     * of this very subscription stays, if there is still such a plan.
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
     * The one that counts: what gives a configured plan, what keeps a recorded one, what lives and is of a plan, what lives,
     * what has ended; then by status, by plan, and the newest.
     */
    Optional<StripeSubscription> best(Subscriber user, List<StripeSubscription> subscriptions) {
        return subscriptions.stream().max(order(user));
    }

    /** The same order, of all. */
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

    /** The values to record of it. */
    Subscription toRecord(Subscriber user, StripeSubscription subscription) {
        return new Subscription(subscription.id(), subscription.customerId(), planBy(user, subscription),
                subscription.status(), subscription.periodEnd(), subscription.isEnding(), subscription.cancelAt(),
                subscription.trialEnd(), subscription.isPaymentFailed());
    }

    /** Those that Stripe may still bill. */
    static List<StripeSubscription> living(List<StripeSubscription> subscriptions) {
        return subscriptions.stream().filter(StripeSubscription::isLiving).toList();
    }
}
