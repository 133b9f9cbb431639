package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.param.billingportal.SessionCreateParams;
import com.stripe.param.billingportal.SessionCreateParams.FlowData;
import jakarta.inject.Inject;
import java.util.Objects;
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
        return stripe.ask(client -> {
            var user = users.find(userId);
            if (user.isEmpty()) {
                return new Result.UserGone();
            }
            try {
                return choice.isPresent()
                        ? change(client, user.get(), choice.get())
                        : whole(client, user.get());
            } catch (InvalidRequestException e) {
                if (StripeCustomers.isMissing(e)) {
                    return new Result.Refused("customer: deleted at Stripe; subscribe again");
                }
                if (StripeFailure.isAboutSettings(e)) {
                    return new Result.NotSetUp(StripeFailure.portalNotSetUp(e));
                }
                throw e;
            }
        });
    }

    private Result whole(StripeClient client, Subscriber user) throws StripeException {
        // The paying customer manages the subscription; it is another customer if the user's was replaced.
        var customerId = user.subscription().filter(subscription -> !subscription.hasEnded())
                .map(Subscription::customerId).or(user::customerId);
        return customerId.isPresent()
                ? whole(client, customerId.get())
                : new Result.Refused("customer: none before the first subscription");
    }

    private Result whole(StripeClient client, String customerId) throws StripeException {
        return open(client, params(customerId).build());
    }

    private Result change(StripeClient client, Subscriber user, PlanChoice choice) throws StripeException {
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
            return open(client, params(subscription.customerId())
                    .setFlowData(confirmation(subscription.id(), subscription.items().getFirst(), choice)).build());
        } catch (InvalidRequestException e) {
            if (StripeCustomers.isMissing(e)) {
                throw e;
            }
            // The portal's settings do not allow this change; the portal shows the user the possible ones.
            return whole(client, subscription.customerId());
        }
    }

    private FlowData confirmation(String subscriptionId, StripeSubscription.Item item, PlanChoice choice) {
        return FlowData.builder().setType(FlowData.Type.SUBSCRIPTION_UPDATE_CONFIRM)
                .setAfterCompletion(FlowData.AfterCompletion.builder()
                        .setType(FlowData.AfterCompletion.Type.REDIRECT).setRedirect(FlowData.AfterCompletion.Redirect
                                .builder().setReturnUrl(page.returnUrl()).build())
                        .build())
                .setSubscriptionUpdateConfirm(FlowData.SubscriptionUpdateConfirm.builder()
                        .setSubscription(subscriptionId)
                        .addItem(FlowData.SubscriptionUpdateConfirm.Item.builder().setId(item.id())
                                .setPrice(choice.price()).setQuantity(item.quantity()).build())
                        .build())
                .build();
    }

    private SessionCreateParams.Builder params(String customerId) {
        return SessionCreateParams.builder().setCustomer(customerId).setReturnUrl(page.returnUrl());
    }

    private static Result open(StripeClient client, SessionCreateParams params) throws StripeException {
        return new Result.Opened(
                Objects.requireNonNull(client.v1().billingPortal().sessions().create(params).getUrl()));
    }
}
