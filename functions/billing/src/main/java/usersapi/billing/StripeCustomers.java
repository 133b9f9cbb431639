package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import jakarta.inject.Inject;
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

    private final CustomerRepository customers;

    @Inject
    StripeCustomers(CustomerRepository customers) {
        this.customers = customers;
    }

    /**
     * Gives the user a new customer, in place of the one that was read. If another request did so meanwhile, its customer
     * stays and the new one is deleted again; read the user again.
     */
    void create(StripeClient stripe, Subscriber user) throws StripeException {
        var created = create(stripe, user, true);
        if (!customers.assign(user, created)) {
            stripe.v1().customers().delete(created);
        }
    }

    private static String create(StripeClient stripe, Subscriber user, boolean withAddress) throws StripeException {
        var params = CustomerCreateParams.builder().putMetadata(StripeSubscription.USER_ID, user.userId());
        if (withAddress) {
            params.setEmail(user.email());
        }
        // Each attempt has its own key, because Stripe saves an error under a key for a day. The library repeats the key for
        // a retry.
        var options = RequestOptions.builder().setIdempotencyKey("customer-" + UUID.randomUUID()).build();
        try {
            return stripe.v1().customers().create(params.build(), options).getId();
        } catch (InvalidRequestException e) {
            if (withAddress && "email".equals(e.getParam())) {
                // Stripe's rules for addresses differ. The checkout page then asks for one.
                return create(stripe, user, false);
            }
            throw e;
        }
    }

    /** Whether the user's customer was deleted at Stripe. */
    static boolean isDeleted(StripeClient stripe, Subscriber user) throws StripeException {
        return Boolean.TRUE.equals(stripe.v1().customers().retrieve(user.customerId().orElseThrow()).getDeleted());
    }

    /** Whether Stripe says that the customer of the request does not exist. */
    static boolean isMissing(InvalidRequestException failure) {
        return "customer".equals(failure.getParam()) && "resource_missing".equals(failure.getCode());
    }
}
