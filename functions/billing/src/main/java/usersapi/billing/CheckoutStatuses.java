package usersapi.billing;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usersapi.json.JsonObject;

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
    Optional<CheckoutStatus> find(StripeRequests stripe, String sessionId, String userId) throws StripeException {
        try {
            var session = stripe.get(StripeRequests.path(CheckoutSessions.SESSIONS, sessionId),
                    Map.of("expand", List.of("line_items")));
            if (!session.has("id")) {
                throw new IllegalStateException("not a session");
            }
            // The metadata names the user: only this account's key can set it, whereas a payment link takes a reference from
            // its address.
            var owner = session.object("metadata").string(StripeSubscription.USER_ID);
            return owner.filter(userId::equals).map(owned -> status(session));
        } catch (InvalidRequestException e) {
            if (StripeFailure.of(e).isMissing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private CheckoutStatus status(JsonObject session) {
        var prices = session.object("line_items").objects("data").orElse(List.of()).stream()
                .flatMap(item -> item.object("price").string("id").stream()).toList();
        return new CheckoutStatus(session.string("status").orElseThrow(), isPaid(session), plans.highestOf(prices));
    }

    private static boolean isPaid(JsonObject session) {
        return switch (session.string("payment_status").orElse("")) {
            case "paid", "no_payment_required" -> true;
            default -> false;
        };
    }
}
