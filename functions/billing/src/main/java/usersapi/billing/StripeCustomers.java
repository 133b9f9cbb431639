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
 * Makes users customers at Stripe. The customer is there before the first checkout, so that all checkouts of a user are of
 * one customer. It is never looked for at Stripe: an address is no proof of who somebody is, and what search finds is old.
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
     * Makes the user a new customer, in place of the one that was read. If another request did so meanwhile, that one stays
     * and the new customer is deleted again: read the user anew.
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
        // A key of its own for each attempt: an error is saved under a key for a day. The library repeats it for a retry.
        var options = RequestOptions.builder().setIdempotencyKey("customer-" + UUID.randomUUID()).build();
        try {
            return stripe.v1().customers().create(params.build(), options).getId();
        } catch (InvalidRequestException e) {
            if (withAddress && "email".equals(e.getParam())) {
                // Stripe has rules of its own for addresses. The checkout page asks for one then.
                return create(stripe, user, false);
            }
            throw e;
        }
    }

    /** Whether the user's customer was deleted at Stripe. */
    static boolean isDeleted(StripeClient stripe, Subscriber user) throws StripeException {
        return Boolean.TRUE.equals(stripe.v1().customers().retrieve(user.customerId().orElseThrow()).getDeleted());
    }

    /** Whether Stripe says that the customer of the request is no more. */
    static boolean isMissing(InvalidRequestException failure) {
        return "customer".equals(failure.getParam()) && "resource_missing".equals(failure.getCode());
    }
}
