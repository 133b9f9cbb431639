package usersapi.billing;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usersapi.credential.Sha256;
import usersapi.json.JsonObject;
import usersapi.subscription.CheckoutAttempt;
import usersapi.subscription.Subscriber;

/**
 * The checkout sessions that this API makes at Stripe.
 *
 * @see <a href="https://docs.stripe.com/api/checkout/sessions">Checkout Sessions</a>
 */
final class CheckoutSessions {

    static final String SESSIONS = "/v1/checkout/sessions";

    private static final int PAGE = 100;
    private static final String ATTEMPT = "checkout";

    private final CheckoutPages pages;
    private final CheckoutTerms terms;

    /**
     * A session that can be paid.
     *
     * @param id its id at Stripe
     * @param url Stripe's page, to which the frontend sends the browser
     * @param attempt the number of its attempt; 0 if it names none
     */
    record OpenSession(String id, String url, long attempt) {

        static OpenSession of(JsonObject session) {
            var number = session.object("metadata").string(ATTEMPT).filter(text -> text.matches("[0-9]{1,18}"));
            return new OpenSession(session.string("id").orElseThrow(), session.string("url").orElseThrow(),
                    number.map(Long::parseLong).orElse(0L));
        }
    }

    /** The state of a session. */
    sealed interface State {

        /** It can be paid. */
        record Open(OpenSession session) implements State {}

        /** It was not paid and can never be paid. */
        record Expired() implements State {}

        /** It was completed by this subscription. */
        record Complete(String subscriptionId) implements State {}
    }

    @Inject
    CheckoutSessions(CheckoutPages pages, CheckoutTerms terms) {
        this.pages = pages;
        this.terms = terms;
    }

    /** All sessions that the user's customer can pay and that were made for the user. */
    List<OpenSession> open(StripeRequests stripe, Subscriber user) throws StripeException {
        var params = Map.<String, Object>of("customer", user.customerId().orElseThrow(), "status", "open", "limit",
                PAGE);
        return stripe.list(SESSIONS, params).stream()
                .filter(session -> session.string("client_reference_id").filter(user.userId()::equals).isPresent())
                .map(OpenSession::of).toList();
    }

    /**
     * Makes the session of this attempt, or finds the existing one: Stripe makes one for each idempotency key, which it
     * keeps for longer than a session can be paid.
     *
     * @param mayTry whether the user may have a trial
     */
    State make(StripeRequests stripe, Subscriber user, CheckoutAttempt attempt, boolean mayTry)
            throws StripeException {
        var customerId = user.customerId().orElseThrow();
        var owner = Map.of(StripeSubscription.USER_ID, user.userId());
        var subscription = new HashMap<String, Object>(Map.of("metadata", owner));
        terms.trialDays().filter(days -> mayTry).ifPresent(days -> subscription.put("trial_period_days", days));
        var params = new HashMap<String, Object>(Map.of("mode", "subscription", "customer", customerId, "line_items",
                List.of(Map.of("price", attempt.price(), "quantity", 1)), "client_reference_id", user.userId(),
                "metadata", Map.of(StripeSubscription.USER_ID, user.userId(), ATTEMPT, attempt.number()),
                "subscription_data", subscription, "success_url", pages.successUrl(), "cancel_url",
                pages.cancelUrl()));
        if (terms.promotionCodes()) {
            params.put("allow_promotion_codes", true);
        }
        if (terms.automaticTax()) {
            // Without permission to store the address, Stripe refuses to tax a customer without one.
            params.put("automatic_tax", Map.of("enabled", true));
            params.put("customer_update", Map.of("address", "auto"));
        }
        var key = "checkout-" + Sha256.hex(String.join("\n", user.userId(), customerId,
                Long.toString(attempt.number())));
        var made = stripe.create(SESSIONS, params, key);
        return made.isReplayed() ? state(stripe, id(made.object())) : state(made.object());
    }

    /**
     * Expires a session, unless it was completed before.
     *
     * @throws StripeException also if Stripe refuses and the session can still be paid
     */
    State expire(StripeRequests stripe, String id) throws StripeException {
        try {
            return state(stripe.post(StripeRequests.path(SESSIONS, id) + "/expire", Map.of()));
        } catch (InvalidRequestException e) {
            // Stripe's refusal does not tell whether it was completed or had expired.
            var state = state(stripe, id);
            if (state instanceof State.Open) {
                throw e;
            }
            return state;
        }
    }

    private static State state(StripeRequests stripe, String id) throws StripeException {
        return state(stripe.get(StripeRequests.path(SESSIONS, id), Map.of()));
    }

    private static State state(JsonObject session) {
        return switch (session.string("status").orElseThrow()) {
            case "open" -> new State.Open(OpenSession.of(session));
            case "complete" -> new State.Complete(session.string("subscription").orElseThrow());
            default -> new State.Expired();
        };
    }

    private static String id(JsonObject session) {
        return session.string("id").orElseThrow();
    }
}
