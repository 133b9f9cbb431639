package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.LineItem;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionRetrieveParams;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads the states of users' checkouts. */
final class CheckoutStatuses {

    private final Plans plans;

    /**
     * The state of a checkout.
     *
     * @param status Stripe's word: {@code open}, {@code complete} or {@code expired}
     * @param paid whether nothing remains to be paid, also for one that begins with a trial
     * @param plan its plan; empty if its price no longer belongs to a plan
     * @see <a href="https://docs.stripe.com/api/checkout/sessions/object">The Checkout Session object</a>
     */
    record CheckoutStatus(String status, boolean paid, Optional<String> plan) {}

    @Inject
    CheckoutStatuses(Plans plans) {
        this.plans = plans;
    }

    /** Whether this can be the id of a session. Other texts are never sent to Stripe. */
    static boolean isSessionId(String text) {
        return text.matches("cs_[A-Za-z0-9_]{1,250}");
    }

    /** Empty if there is no such session, or it was made for somebody else. */
    Optional<CheckoutStatus> find(StripeClient stripe, String sessionId, String userId) throws StripeException {
        try {
            var session = stripe.v1().checkout().sessions().retrieve(sessionId,
                    SessionRetrieveParams.builder().addExpand("line_items").build());
            Objects.requireNonNull(session.getId());
            // The metadata names the user: only this account's key can set it, whereas a payment link takes a reference from
            // its address.
            var owner = Optional.ofNullable(session.getMetadata())
                    .map(metadata -> metadata.get(StripeSubscription.USER_ID));
            return owner.filter(userId::equals).map(owned -> status(session));
        } catch (InvalidRequestException e) {
            if (StripeFailure.of(e).isMissing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private CheckoutStatus status(Session session) {
        var items = session.getLineItems() == null ? List.<LineItem>of() : session.getLineItems().getData();
        var prices = items.stream().map(LineItem::getPrice).filter(Objects::nonNull).map(price -> price.getId())
                .toList();
        return new CheckoutStatus(session.getStatus(), isPaid(session), plans.highestOf(prices));
    }

    private static boolean isPaid(Session session) {
        return "paid".equals(session.getPaymentStatus()) || "no_payment_required".equals(session.getPaymentStatus());
    }
}
