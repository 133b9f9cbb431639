package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import usersapi.credential.Sha256;
import usersapi.subscription.CheckoutAttempt;
import usersapi.subscription.Subscriber;

/**
 * The checkout sessions that this API makes at Stripe.
 *
 * @see <a href="https://docs.stripe.com/api/checkout/sessions">Checkout Sessions</a>
 */
final class CheckoutSessions {

    private static final long PAGE = 100;
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

        static OpenSession of(Session session) {
            var number = Objects.requireNonNullElse(session.getMetadata(), Map.<String, String>of())
                    .getOrDefault(ATTEMPT, "0");
            return new OpenSession(Objects.requireNonNull(session.getId()), Objects.requireNonNull(session.getUrl()),
                    number.matches("[0-9]{1,18}") ? Long.parseLong(number) : 0);
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
    List<OpenSession> open(StripeClient stripe, Subscriber user) throws StripeException {
        var found = new ArrayList<OpenSession>();
        var params = SessionListParams.builder().setCustomer(user.customerId().orElseThrow())
                .setStatus(SessionListParams.Status.OPEN).setLimit(PAGE);
        while (true) {
            var page = stripe.v1().checkout().sessions().list(params.build());
            page.getData().stream().filter(session -> user.userId().equals(session.getClientReferenceId()))
                    .map(OpenSession::of).forEach(found::add);
            if (!page.getHasMore()) {
                return found;
            }
            params.setStartingAfter(page.getData().getLast().getId());
        }
    }

    /**
     * Makes the session of this attempt, or finds the existing one: Stripe makes one for each idempotency key, which it
     * keeps for longer than a session can be paid.
     *
     * @param mayTry whether the user may have a trial
     */
    State make(StripeClient stripe, Subscriber user, CheckoutAttempt attempt, boolean mayTry)
            throws StripeException {
        var customerId = user.customerId().orElseThrow();
        var subscription = SessionCreateParams.SubscriptionData.builder()
                .putMetadata(StripeSubscription.USER_ID, user.userId());
        terms.trialDays().filter(days -> mayTry).ifPresent(subscription::setTrialPeriodDays);
        var params = SessionCreateParams.builder().setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .setCustomer(customerId)
                .addLineItem(SessionCreateParams.LineItem.builder().setPrice(attempt.price()).setQuantity(1L).build())
                .setClientReferenceId(user.userId()).putMetadata(StripeSubscription.USER_ID, user.userId())
                .putMetadata(ATTEMPT, Long.toString(attempt.number()))
                .setSubscriptionData(subscription.build()).setSuccessUrl(pages.successUrl())
                .setCancelUrl(pages.cancelUrl());
        if (terms.promotionCodes()) {
            params.setAllowPromotionCodes(true);
        }
        if (terms.automaticTax()) {
            // Without permission to store the address, Stripe refuses to tax a customer without one.
            params.setAutomaticTax(SessionCreateParams.AutomaticTax.builder().setEnabled(true).build())
                    .setCustomerUpdate(SessionCreateParams.CustomerUpdate.builder()
                            .setAddress(SessionCreateParams.CustomerUpdate.Address.AUTO).build());
        }
        var key = "checkout-" + Sha256.hex(String.join("\n", user.userId(), customerId,
                Long.toString(attempt.number())));
        var made = stripe.v1().checkout().sessions().create(params.build(),
                RequestOptions.builder().setIdempotencyKey(key).build());
        var isReplayed = made.getLastResponse().headers().firstValue("Idempotent-Replayed").isPresent();
        return isReplayed ? state(stripe, made.getId()) : state(made);
    }

    /**
     * Expires a session, unless it was completed before.
     *
     * @throws StripeException also if Stripe refuses and the session can still be paid
     */
    State expire(StripeClient stripe, String id) throws StripeException {
        try {
            return state(stripe.v1().checkout().sessions().expire(id));
        } catch (InvalidRequestException e) {
            // Stripe's refusal does not tell whether it was completed or had expired.
            var state = state(stripe, id);
            if (state instanceof State.Open) {
                throw e;
            }
            return state;
        }
    }

    private static State state(StripeClient stripe, String id) throws StripeException {
        return state(stripe.v1().checkout().sessions().retrieve(id));
    }

    private static State state(Session session) {
        return switch (session.getStatus()) {
            case "open" -> new State.Open(OpenSession.of(session));
            case "complete" -> new State.Complete(Optional.ofNullable(session.getSubscription()).orElseThrow());
            default -> new State.Expired();
        };
    }
}
