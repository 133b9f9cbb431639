package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import usersapi.billing.CheckoutSessions.OpenSession;
import usersapi.billing.CheckoutSessions.State;
import usersapi.subscription.CheckoutAttempt;
import usersapi.subscription.CheckoutRepository;
import usersapi.subscription.Subscriber;
import usersapi.subscription.SubscriptionRepository;

/**
 * Opens the one checkout that a user can pay, and none while a subscription lives.
 *
 * <p>A user's attempts are numbered. Stripe makes at most one session of an attempt, for its number is in the idempotency
 * key. The next attempt begins by a conditional write, and only once the session of this one is known to have ended; if none
 * is known, it is made and expired first, so that no request under way can make it later. So there is at most one session that
 * can be paid, however many requests there are at once.
 */
final class Checkout {

    /** Each lost attempt is another request's success, or the end of a session. */
    private static final int MAX_ROUNDS = 10;

    /** Stripe's library has met each three times before, within a second and a half. */
    private static final int MAX_CONFLICTS = 2;

    /** HTTP's status for an idempotency key that a request under way has. */
    private static final int CONFLICT = 409;

    /** Stripe's code for an object that a request under way has (docs.stripe.com/rate-limits#object-lock-timeouts). */
    private static final String LOCK_TIMEOUT = "lock_timeout";

    /** An attempt is left an hour before Stripe may forget its idempotency key, which it keeps for a day at least. */
    private static final Duration ATTEMPT_LASTS = Duration.ofHours(23);

    private final StripeApi stripe;
    private final SubscriptionRepository users;
    private final CheckoutRepository attempts;
    private final StripeCustomers customers;
    private final UserSubscriptions subscriptions;
    private final CheckoutSessions sessions;
    private final Clock clock;

    /** The outcome of opening one. */
    sealed interface Result {

        /** This session can be paid. */
        record Opened(OpenSession session) implements Result {}

        /** The user has a subscription that lives, the best of which this is. */
        record Subscribed(Subscriber user, StripeSubscription subscription) implements Result {}

        /** Other requests of the user were faster, each time. */
        record Busy() implements Result {}

        /** There is no such user any more. */
        record UserGone() implements Result {}
    }

    @Inject
    Checkout(StripeApi stripe, SubscriptionRepository users, CheckoutRepository attempts, StripeCustomers customers,
            UserSubscriptions subscriptions, CheckoutSessions sessions, Clock clock) {
        this.stripe = stripe;
        this.users = users;
        this.attempts = attempts;
        this.customers = customers;
        this.subscriptions = subscriptions;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Opens a checkout of this choice, or gives the one that is open. */
    StripeApi.Reply<Result> open(String userId, PlanChoice choice) {
        return stripe.ask(client -> {
            int conflicts = 0;
            for (int round = 0; round < MAX_ROUNDS && conflicts < MAX_CONFLICTS; round++) {
                var user = users.find(userId);
                if (user.isEmpty()) {
                    return new Result.UserGone();
                }
                try {
                    var result = open(client, user.get(), choice);
                    if (result.isPresent()) {
                        return result.get();
                    }
                } catch (StripeException e) {
                    if (!isConflict(e)) {
                        throw e;
                    }
                    conflicts++;
                }
            }
            return new Result.Busy();
        });
    }

    /**
     * Ends every checkout that the user could pay, also the one that a request under way may be about to open.
     *
     * @return false if the user has changed since it was read: not all may have ended
     */
    boolean end(StripeClient client, Subscriber user) throws StripeException {
        try {
            var open = sessions.open(client, user);
            for (var session : open) {
                sessions.expire(client, session.id());
            }
            long current = number(user);
            if (user.checkout().isPresent() && open.stream().noneMatch(session -> session.attempt() == current)) {
                var isFirst = isFirst(subscriptions.read(client, user, Set.of()));
                if (remake(client, user, user.checkout().get(), isFirst)
                        .orElse(null) instanceof State.Open(var session)) {
                    sessions.expire(client, session.id());
                }
            }
            return open.stream().allMatch(session -> session.attempt() <= current);
        } catch (InvalidRequestException e) {
            if (StripeCustomers.isMissing(e)) {
                // Nobody can pay as a customer that was deleted.
                return true;
            }
            throw e;
        }
    }

    private static long number(Subscriber user) {
        return user.checkout().map(CheckoutAttempt::number).orElse(0L);
    }

    private static boolean isFirst(List<StripeSubscription> all) {
        return all.stream().noneMatch(StripeSubscription::hasBegun);
    }

    /** Empty if the user is to be read again. */
    private Optional<Result> open(StripeClient client, Subscriber user, PlanChoice choice) throws StripeException {
        if (user.customerId().isEmpty()) {
            customers.create(client, user);
            return Optional.empty();
        }
        try {
            var all = subscriptions.read(client, user, Set.of());
            var living = subscriptions.best(user, UserSubscriptions.living(all));
            return living.isPresent()
                    ? Optional.of(new Result.Subscribed(user, living.get()))
                    : open(client, user, choice, isFirst(all));
        } catch (InvalidRequestException e) {
            if (StripeCustomers.isMissing(e)) {
                customers.create(client, user);
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether another request, of the user most likely, has not yet ended at Stripe. */
    private static boolean isConflict(StripeException e) {
        return Objects.equals(e.getStatusCode(), CONFLICT) || LOCK_TIMEOUT.equals(e.getCode());
    }

    private Optional<Result> open(StripeClient client, Subscriber user, PlanChoice choice, boolean isFirst)
            throws StripeException {
        long current = number(user);
        var open = sessions.open(client, user);
        if (open.stream().anyMatch(session -> session.attempt() > current)) {
            return Optional.empty();
        }
        for (var stray : open) {
            if (stray.attempt() < Math.max(current, 1)) {
                var living = livingAfterEnd(client, user, stray.id());
                if (living.isPresent()) {
                    return living;
                }
            }
        }
        if (user.checkout().isPresent()) {
            var attempt = user.checkout().get();
            var session = open.stream().filter(candidate -> candidate.attempt() == current).findFirst();
            var state = session.isPresent()
                    ? Optional.<State>of(new State.Open(session.get()))
                    : remake(client, user, attempt, isFirst);
            if (state.isPresent()) {
                if (state.get() instanceof State.Open(var payable) && attempt.price().equals(choice.price())
                        && clock.instant().isBefore(attempt.opened().plus(ATTEMPT_LASTS))) {
                    if (StripeCustomers.isDeleted(client, user)) {
                        // What was opened for a customer who is no more stays open, and nobody can pay it.
                        customers.create(client, user);
                        return Optional.empty();
                    }
                    return Optional.of(new Result.Opened(payable));
                }
                var living = livingAfterEnd(client, user, state.get());
                if (living.isPresent()) {
                    return living;
                }
            }
        }
        var next = new CheckoutAttempt(current + 1, choice.price(), clock.instant());
        if (!attempts.start(user, next)) {
            return Optional.empty();
        }
        return sessions.make(client, user, next, isFirst) instanceof State.Open(var payable)
                ? Optional.of(new Result.Opened(payable))
                : Optional.empty();
    }

    /**
     * The session of an attempt of which none is open, made if it was not; empty if Stripe refused it for good, so that by
     * its key none will ever be made.
     */
    private Optional<State> remake(StripeClient client, Subscriber user, CheckoutAttempt attempt, boolean isFirst)
            throws StripeException {
        try {
            return Optional.of(sessions.make(client, user, attempt, isFirst));
        } catch (StripeException e) {
            if (!isFinal(e) || (e instanceof InvalidRequestException invalid && StripeCustomers.isMissing(invalid))) {
                throw e;
            }
            // Or another request has used the key with other parameters, as before a deployment, and was faster.
            return sessions.open(client, user).stream().filter(session -> session.attempt() == attempt.number())
                    .findFirst().map(State.Open::new);
        }
    }

    /**
     * Whether Stripe has saved the failure under the idempotency key. A conflict, too many requests, a refused API key and
     * what a server before Stripe's answers it does not save, and of no answer nobody knows.
     */
    private static boolean isFinal(StripeException e) {
        return e.getStatusCode() != null && switch (e.getStatusCode()) {
            case 400, 402, 403, 404, 500 -> true;
            default -> false;
        };
    }

    /** Ends a session; empty unless it was completed by a subscription that lives. */
    private Optional<Result> livingAfterEnd(StripeClient client, Subscriber user, String sessionId)
            throws StripeException {
        return living(client, user, sessions.expire(client, sessionId));
    }

    private Optional<Result> livingAfterEnd(StripeClient client, Subscriber user, State state)
            throws StripeException {
        return state instanceof State.Open(var session)
                ? livingAfterEnd(client, user, session.id())
                : living(client, user, state);
    }

    private static Optional<Result> living(StripeClient client, Subscriber user, State state) throws StripeException {
        return state instanceof State.Complete(var subscriptionId)
                ? UserSubscriptions.retrieve(client, subscriptionId).filter(StripeSubscription::isLiving)
                        .map(subscription -> new Result.Subscribed(user, subscription))
                : Optional.empty();
    }
}
