package usersapi.billing;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;
import usersapi.subscription.SubscriptionRepository;

/**
 * Stripe's customer portal, for a user.
 *
 * @see <a href="https://docs.stripe.com/api/customer_portal/sessions/create">Create a portal session</a>
 * @see <a href="https://docs.stripe.com/customer-management/portal-deep-links">Portal deep links</a>
 */
final class Portal {

    private final StripeApi stripe;
    private final SubscriptionRepository users;
    private final UserSubscriptions subscriptions;
    private final Plans plans;
    private final PortalPage page;

    /** The outcome of opening the portal. */
    sealed interface Result {

        /** The portal's address. */
        record Opened(String url) implements Result {}

        /** The portal cannot be opened; {@code detail} says what to do. */
        record Refused(String detail) implements Result {}

        /** Nobody can open the portal before an operator has saved its settings at Stripe. */
        record NotSetUp(StripeFailure failure) implements Result {}

        /** The user was deleted. */
        record UserGone() implements Result {}
    }

    @Inject
    Portal(StripeApi stripe, SubscriptionRepository users, UserSubscriptions subscriptions, Plans plans,
            PortalPage page) {
        this.stripe = stripe;
        this.users = users;
        this.subscriptions = subscriptions;
        this.plans = plans;
        this.page = page;
    }

    /**
     * Opens the portal.
     *
     * @param choice the plan whose confirmation it opens at; empty for the portal's first page
     */
    StripeApi.Reply<Result> open(String userId, Optional<PlanChoice> choice) {
        return users.find(userId).map(user -> stripe.ask(client -> open(client, user, choice)))
                .orElseGet(() -> new StripeApi.Reply.Done<>(new Result.UserGone()));
    }

    private Result open(StripeRequests client, Subscriber user, Optional<PlanChoice> choice) throws StripeException {
        try {
            return choice.isPresent() ? change(client, user, choice.get()) : whole(client, user);
        } catch (InvalidRequestException e) {
            if (StripeCustomers.isMissing(e)) {
                return new Result.Refused("customer: deleted at Stripe; subscribe again");
            }
            if (StripeFailure.isAboutSettings(e)) {
                return new Result.NotSetUp(StripeFailure.portalNotSetUp(e));
            }
            throw e;
        }
    }

    private Result whole(StripeRequests client, Subscriber user) throws StripeException {
        // The paying customer manages the subscription; it is another customer if the user's was replaced.
        var customerId = user.subscription().filter(subscription -> !subscription.hasEnded())
                .map(Subscription::customerId).or(user::customerId);
        return customerId.isPresent()
                ? whole(client, customerId.get())
                : new Result.Refused("customer: none before the first subscription");
    }

    private Result whole(StripeRequests client, String customerId) throws StripeException {
        return open(client, params(customerId, Map.of()));
    }

    private Result change(StripeRequests client, Subscriber user, PlanChoice choice) throws StripeException {
        var living = subscriptions.best(user,
                UserSubscriptions.living(subscriptions.read(client, user, Set.of())));
        if (living.isEmpty()) {
            return new Result.Refused("plan: no subscription to change; subscribe by a checkout");
        }
        var subscription = living.get();
        boolean isSame = plans.highestOf(subscription.prices()).filter(choice.plan()::equals).isPresent();
        if (isSame || subscription.items().size() != 1 || subscription.isScheduled()) {
            // The flow can change only one item, and none that a schedule changes.
            return whole(client, subscription.customerId());
        }
        try {
            return open(client, params(subscription.customerId(), Map.of("flow_data",
                    confirmation(subscription.id(), subscription.items().getFirst(), choice))));
        } catch (InvalidRequestException e) {
            if (StripeCustomers.isMissing(e)) {
                throw e;
            }
            // The portal's settings do not allow this change; the portal shows the user the possible ones.
            return whole(client, subscription.customerId());
        }
    }

    private Map<String, Object> confirmation(String subscriptionId, StripeSubscription.Item item, PlanChoice choice) {
        return Map.of("type", "subscription_update_confirm", //
                "after_completion",
                Map.of("type", "redirect", "redirect", Map.of("return_url", page.returnUrl())), //
                "subscription_update_confirm", Map.of("subscription", subscriptionId, "items",
                        List.of(Map.of("id", item.id(), "price", choice.price(), "quantity", item.quantity()))));
    }

    private Map<String, Object> params(String customerId, Map<String, Object> further) {
        var params = new HashMap<>(further);
        params.put("customer", customerId);
        params.put("return_url", page.returnUrl());
        return params;
    }

    private static Result open(StripeRequests client, Map<String, Object> params) throws StripeException {
        return new Result.Opened(client.post("/v1/billing_portal/sessions", params).string("url").orElseThrow());
    }
}
