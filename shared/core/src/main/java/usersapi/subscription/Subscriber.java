package usersapi.subscription;

import java.util.Optional;
import java.util.Set;

/**
 * A user with regard to billing, at one moment.
 *
 * @param userId the user's external id
 * @param email the address as it was first given
 * @param customerId the customer that the user is at Stripe; empty before the first checkout
 * @param subscription the one that counts; empty for a user who never had one
 * @param subscriptionIds Stripe's ids of the subscriptions whose state can still matter to this user: that one, and others
 *     that have not ended
 * @param checkout the user's last attempt to check out
 * @param revision how often the subscription was recorded
 */
public record Subscriber(String userId, String email, Optional<String> customerId, Optional<Subscription> subscription,
        Set<String> subscriptionIds, Optional<CheckoutAttempt> checkout, long revision) {

    /** The id only: the e-mail address never reaches a log. */
    @Override
    public String toString() {
        return "Subscriber[" + userId + "]";
    }
}
