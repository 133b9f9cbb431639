package usersapi.billing;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import usersapi.subscription.CustomerRepository;
import usersapi.subscription.Subscriber;

/**
 * Creates customers at Stripe for users. The customer exists before the first checkout, so that all checkouts of a user have
 * one customer. It is never searched at Stripe: an address does not prove an identity, and search results are old.
 *
 * @see <a href="https://docs.stripe.com/api/customers/create">Create a customer</a>
 */
final class StripeCustomers {

    private static final String CUSTOMERS = "/v1/customers";

    private final CustomerRepository customers;

    @Inject
    StripeCustomers(CustomerRepository customers) {
        this.customers = customers;
    }

    /**
     * Gives the user a new customer, in place of the one that was read. If another request did so meanwhile, its customer
     * stays and the new one is deleted again; read the user again.
     */
    void create(StripeRequests stripe, Subscriber user) throws StripeException {
        var created = create(stripe, user, true);
        if (!customers.assign(user, created)) {
            stripe.delete(StripeRequests.path(CUSTOMERS, created));
        }
    }

    private static String create(StripeRequests stripe, Subscriber user, boolean withAddress) throws StripeException {
        var params = new HashMap<String, Object>(
                Map.of("metadata", Map.of(StripeSubscription.USER_ID, user.userId())));
        if (withAddress) {
            params.put("email", user.email());
        }
        // Each attempt has its own key, because Stripe saves an error under a key for a day. The library repeats the key for
        // a retry.
        var key = "customer-" + UUID.randomUUID();
        try {
            return stripe.create(CUSTOMERS, params, key).object().string("id").orElseThrow();
        } catch (InvalidRequestException e) {
            if (withAddress && "email".equals(e.getParam())) {
                // Stripe's rules for addresses differ. The checkout page then asks for one.
                return create(stripe, user, false);
            }
            throw e;
        }
    }

    /** Whether the user's customer was deleted at Stripe. */
    static boolean isDeleted(StripeRequests stripe, Subscriber user) throws StripeException {
        return Boolean.TRUE
                .equals(stripe.get(StripeRequests.path(CUSTOMERS, user.customerId().orElseThrow()), Map.of())
                        .get("deleted"));
    }

    /** Whether Stripe says that the customer of the request does not exist. */
    static boolean isMissing(InvalidRequestException failure) {
        return "customer".equals(failure.getParam()) && "resource_missing".equals(failure.getCode());
    }
}
