package usersapi.subscription;

import java.util.Optional;
import java.util.Set;

/**
 * A user's billing data as it was read.
 *
 * @param userId the user's external id
 * @param email the user's address
 * @param customerId the user's customer at Stripe; empty before the first checkout
 * @param subscription the subscription that counts; empty for a user who never had one
 * @param subscriptionIds Stripe's ids of that subscription and of the others that have not ended
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
