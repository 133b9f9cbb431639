package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.param.checkout.SessionCreateParams;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import usersapi.credential.Sha256;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;

/**
 * Stripe's checkout of a subscription.
 *
 * @see <a href="https://docs.stripe.com/api/checkout/sessions/create">Create a Checkout Session</a>
 */
final class Checkout {

    /** The subscription's metadata by which its later events name the user: they do not carry the checkout's reference. */
    static final String USER_ID = "external_id";

    /** The subscription's metadata that names its plan also when its price is no longer sold. */
    static final String PLAN = "plan";

    private final StripeApi stripe;
    private final CheckoutPages pages;

    /**
     * A checkout that waits for the user.
     *
     * @param id Stripe's id of the session
     * @param url Stripe's page, to which the frontend sends the browser
     */
    record Session(String id, String url) {}

    @Inject
    Checkout(StripeApi stripe, CheckoutPages pages) {
        this.stripe = stripe;
        this.pages = pages;
    }

    /**
     * Opens a checkout, or gives the one that was opened in the same window.
     *
     * @param window when the window opened in which a second request means the same checkout
     */
    StripeApi.Reply<Session> open(Subscriber user, PlanChoice choice, Instant window) {
        return stripe.ask(client -> {
            var customerId = user.subscription().map(Subscription::customerId);
            try {
                return create(client, user, choice, window, customerId);
            } catch (InvalidRequestException e) {
                if (customerId.isPresent() && "customer".equals(e.getParam())) {
                    // Somebody has deleted the customer at Stripe: the user becomes a new one.
                    return create(client, user, choice, window, Optional.empty());
                }
                throw e;
            }
        });
    }

    private Session create(StripeClient client, Subscriber user, PlanChoice choice, Instant window,
            Optional<String> customerId) throws StripeException {
        var params = SessionCreateParams.builder().setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .addLineItem(SessionCreateParams.LineItem.builder().setPrice(choice.price()).setQuantity(1L).build())
                .setClientReferenceId(user.userId())
                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder().putMetadata(USER_ID, user.userId())
                        .putMetadata(PLAN, choice.plan()).build())
                .setSuccessUrl(pages.successUrl()).setCancelUrl(pages.cancelUrl());
        // Stripe refuses both together.
        customerId.ifPresentOrElse(params::setCustomer, () -> params.setCustomerEmail(user.email()));
        var built = params.build();
        var options = RequestOptions.builder()
                .setIdempotencyKey(idempotencyKey(user, choice.plan(), window, built)).build();
        var session = client.v1().checkout().sessions().create(built, options);
        return new Session(Objects.requireNonNull(session.getId()), Objects.requireNonNull(session.getUrl()));
    }

    /**
     * One key for user, plan and window; also for what was recorded of the user's subscription, lest who has paid and
     * cancelled within the window be sent to the checkout that is done; also for the parameters, because with others, as
     * after a change of price, Stripe refuses a key that it has seen.
     */
    private static String idempotencyKey(Subscriber user, String plan, Instant window, SessionCreateParams params) {
        var request = String.join("\n", user.userId(), Long.toString(user.revision()), plan, window.toString(),
                params.toMap().toString());
        return "checkout-" + Sha256.hex(request);
    }
}
