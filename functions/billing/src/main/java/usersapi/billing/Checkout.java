package usersapi.billing;

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
 * Opens the one checkout that a user can pay; none while the user has a living subscription.
 *
 * <p>A user's attempts are numbered. Stripe makes at most one session for an attempt, because its number is part of the
 * idempotency key. The next attempt begins by a conditional write, and only after the session of this one has ended. If that
 * session is unknown, it is made and expired first, so that no earlier request can make it later. So there is at most one
 * session that can be paid, also with many requests at once.
 */
final class Checkout {

    /** The maximum number of rounds. Each lost round is another request's success, or the end of a session. */
    private static final int MAX_ROUNDS = 10;

    /** Stripe's library has repeated each of them three times before, within a second and a half. */
    private static final int MAX_CONFLICTS = 2;

    /** HTTP's status for an idempotency key that a running request uses. */
    private static final int CONFLICT = 409;

    /** Stripe's code for an object that a running request locks (docs.stripe.com/rate-limits#object-lock-timeouts). */
    private static final String LOCK_TIMEOUT = "lock_timeout";

    /** An attempt is given up an hour before Stripe may forget its idempotency key, which it keeps for at least a day. */
    private static final Duration ATTEMPT_LASTS = Duration.ofHours(23);

    private final StripeApi stripe;
    private final SubscriptionRepository users;
    private final CheckoutRepository attempts;
    private final StripeCustomers customers;
    private final UserSubscriptions subscriptions;
    private final CheckoutSessions sessions;
    private final Clock clock;

    /** The outcome of opening a checkout. */
    sealed interface Result {

        /** This session can be paid. */
        record Opened(OpenSession session) implements Result {}

        /** The user has a living subscription; this is the best one. */
        record Subscribed(Subscriber user, StripeSubscription subscription) implements Result {}

        /** Other requests of the user were faster in each round. */
        record Busy() implements Result {}

        /** The user was deleted. */
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

    /** Opens a checkout of this choice, or returns the open one. */
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
     * Ends every checkout that the user could pay, also one that a running request is about to open.
     *
     * @return false if the user has changed since it was read; then some checkouts may be left
     */
    boolean end(StripeRequests client, Subscriber user) throws StripeException {
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
                // Nobody can pay as a deleted customer.
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

    /** Empty if the user must be read again. */
    private Optional<Result> open(StripeRequests client, Subscriber user, PlanChoice choice) throws StripeException {
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

    /** Whether another request, probably of the same user, is still running at Stripe. */
    private static boolean isConflict(StripeException e) {
        return Objects.equals(e.getStatusCode(), CONFLICT) || LOCK_TIMEOUT.equals(e.getCode());
    }

    private Optional<Result> open(StripeRequests client, Subscriber user, PlanChoice choice, boolean isFirst)
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
                        // A session of a deleted customer stays open, but nobody can pay it.
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
     * The session of an attempt without an open one; it is made if it does not exist. Empty if Stripe refused it for good,
     * so that its key will never make one.
     */
    private Optional<State> remake(StripeRequests client, Subscriber user, CheckoutAttempt attempt, boolean isFirst)
            throws StripeException {
        try {
            return Optional.of(sessions.make(client, user, attempt, isFirst));
        } catch (StripeException e) {
            if (!isFinal(e) || (e instanceof InvalidRequestException invalid && StripeCustomers.isMissing(invalid))) {
                throw e;
            }
            // Or another request was faster and used the key with other parameters, for example before a deployment.
            return sessions.open(client, user).stream().filter(session -> session.attempt() == attempt.number())
                    .findFirst().map(State.Open::new);
        }
    }

    /**
     * Whether Stripe has saved the failure under the idempotency key. It does not save a conflict, too many requests, a
     * refused API key, or an answer of a server in front of Stripe; without an answer this is unknown.
     */
    private static boolean isFinal(StripeException e) {
        return e.getStatusCode() != null && switch (e.getStatusCode()) {
            case 400, 402, 403, 404, 500 -> true;
            default -> false;
        };
    }

    /** Ends a session; empty unless a living subscription completed it. */
    private Optional<Result> livingAfterEnd(StripeRequests client, Subscriber user, String sessionId)
            throws StripeException {
        return living(client, user, sessions.expire(client, sessionId));
    }

    private Optional<Result> livingAfterEnd(StripeRequests client, Subscriber user, State state)
            throws StripeException {
        return state instanceof State.Open(var session)
                ? livingAfterEnd(client, user, session.id())
                : living(client, user, state);
    }

    private static Optional<Result> living(StripeRequests client, Subscriber user, State state) throws StripeException {
        return state instanceof State.Complete(var subscriptionId)
                ? UserSubscriptions.retrieve(client, subscriptionId).filter(StripeSubscription::isLiving)
                        .map(subscription -> new Result.Subscribed(user, subscription))
                : Optional.empty();
    }
}
