package usersapi.billing;

import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import usersapi.subscription.Subscriber;

/** Finds the subscriptions that Stripe continues to bill after a user's deletion, and ends open checkouts. */
final class RemainingBilling {

    private final StripeApi stripe;
    private final Checkout checkout;
    private final UserSubscriptions subscriptions;

    @Inject
    RemainingBilling(StripeApi stripe, Checkout checkout, UserSubscriptions subscriptions) {
        this.stripe = stripe;
        this.checkout = checkout;
        this.subscriptions = subscriptions;
    }

    /**
     * Ends every checkout that the user could still pay, and then reads the living subscriptions. For a user without a
     * customer it does not ask Stripe.
     *
     * @return the subscriptions, the best one first; empty if the user has changed since it was read
     */
    StripeApi.Reply<Optional<List<StripeSubscription>>> end(Subscriber user) {
        if (user.customerId().isEmpty() && user.subscriptionIds().isEmpty()) {
            return new StripeApi.Reply.Done<>(Optional.of(List.of()));
        }
        return stripe.ask(client -> {
            if (user.customerId().isPresent() && !checkout.end(client, user)) {
                return Optional.empty();
            }
            return Optional.of(subscriptions.bestFirst(user,
                    UserSubscriptions.living(subscriptions.read(client, user, Set.of()))));
        });
    }
}
