package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;
import usersapi.subscription.SubscriptionRepository;

/**
 * Brings a user's item into agreement with Stripe. An event is only a hint that a subscription changed: events arrive more
 * than once and in any order, so the state is what Stripe says when it is asked, of this subscription and of the others that
 * the user has. So a late {@code updated} cannot revive what is deleted, and an old subscription's end cannot end a new one.
 *
 * @see <a href="https://docs.stripe.com/webhooks#event-ordering">Event ordering</a>
 */
final class Reconciliation {

    /** Each is overtaken by another event of the same user, and of those not that many come at once. */
    private static final int MAX_ATTEMPTS = 10;

    private final StripeApi stripe;
    private final SubscriptionRepository subscriptions;
    private final Plans plans;

    /** What an event has come to. */
    sealed interface Effect {

        /** The user's item says what Stripe says; {@code paid} subscriptions give the user a plan, where one would do. */
        record Applied(String userId, Subscription subscription, long paid) implements Effect {}

        /** It is nothing to us; {@code reason} for the log. */
        record Ignored(String reason) implements Effect {}

        /** Stripe did not say, so nothing was written: the event must come again. */
        record Unanswered(StripeFailure failure) implements Effect {}
    }

    /** A subscription at Stripe, and what of it decides which of a user's counts. */
    private record Candidate(String userId, int rank, long created, Subscription subscription) {

        /** The best one last: what gives a plan, then what still may, then what has ended; of these the newest. */
        static final Comparator<Candidate> ORDER = Comparator.comparingInt(Candidate::rank)
                .thenComparingLong(Candidate::created).thenComparing(candidate -> candidate.subscription.id());
    }

    @Inject
    Reconciliation(StripeApi stripe, SubscriptionRepository subscriptions, Plans plans) {
        this.stripe = stripe;
        this.subscriptions = subscriptions;
        this.plans = plans;
    }

    /** Deals with an event. */
    Effect apply(StripeEvent event) {
        if (event.subscriptionId().isEmpty()) {
            return new Effect.Ignored("an event that says nothing about a subscription");
        }
        var userId = event.userId();
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            // The user first, Stripe second: if the user is unchanged when it is written, nothing newer was read meanwhile.
            var user = userId.flatMap(subscriptions::find);
            switch (read(event.subscriptionId().get(), user)) {
                case StripeApi.Reply.Failed(var failure) -> {
                    return new Effect.Unanswered(failure);
                }
                case StripeApi.Reply.Done(var candidates) -> {
                    var owner = Optional.ofNullable(candidates.getFirst().userId);
                    if (owner.isEmpty()) {
                        return new Effect.Ignored("a subscription that names no user");
                    }
                    if (owner.equals(userId)) {
                        var effect = settle(user, candidates);
                        if (effect.isPresent()) {
                            return effect.get();
                        }
                    }
                    userId = owner;
                }
            }
        }
        throw new IllegalStateException("the user changed in each of " + MAX_ATTEMPTS + " attempts");
    }

    /** Empty if the user has changed since it was read. */
    private Optional<Effect> settle(Optional<Subscriber> owner, List<Candidate> candidates) {
        if (owner.isEmpty()) {
            return Optional.of(new Effect.Ignored("a subscription of an unknown user"));
        }
        var user = owner.get();
        var best = candidates.stream().max(Candidate.ORDER).orElseThrow().subscription;
        return subscriptions.record(user, best, lasting(candidates, best))
                ? Optional.of(new Effect.Applied(user.userId(), best,
                        candidates.stream().filter(candidate -> candidate.rank == 2).count()))
                : Optional.empty();
    }

    /** The ids that matter to the user's next event: what has ended never comes back, but the best one is compared again. */
    private static Set<String> lasting(List<Candidate> candidates, Subscription best) {
        var ids = new TreeSet<>(Set.of(best.id()));
        candidates.stream().filter(candidate -> candidate.rank > 0)
                .forEach(candidate -> ids.add(candidate.subscription.id()));
        return ids;
    }

    /** The event's subscription first, then the user's others. */
    private StripeApi.Reply<List<Candidate>> read(String subscriptionId, Optional<Subscriber> user) {
        return stripe.ask(client -> {
            var candidates = new ArrayList<>(List.of(retrieve(client, subscriptionId)));
            for (var other : user.map(Subscriber::subscriptionIds).orElse(Set.of())) {
                if (!other.equals(subscriptionId)) {
                    try {
                        candidates.add(retrieve(client, other));
                    } catch (InvalidRequestException e) {
                        // Stripe's test data can be deleted; a subscription that is no more must not block the user's next.
                        if (!StripeFailure.of(e).isMissing()) {
                            throw e;
                        }
                    }
                }
            }
            return candidates;
        });
    }

    private Candidate retrieve(StripeClient client, String subscriptionId) throws StripeException {
        var read = client.v1().subscriptions().retrieve(subscriptionId);
        var items = read.getItems().getData();
        var end = items.stream().map(item -> item.getCurrentPeriodEnd()).filter(Objects::nonNull)
                .max(Comparator.naturalOrder()).map(Instant::ofEpochSecond);
        // A cancellation in the billing portal sets cancel_at alone where the subscription is billed flexibly.
        var cancelAt = Optional.ofNullable(read.getCancelAt()).map(Instant::ofEpochSecond);
        boolean ending = read.getCancelAtPeriodEnd()
                || cancelAt.filter(at -> end.filter(at::isAfter).isEmpty()).isPresent();
        int rank = switch (read.getStatus()) {
            case "active", "trialing", "past_due" -> 2;
            case "canceled", "incomplete_expired" -> 0;
            default -> 1;
        };
        boolean unpaid = switch (read.getStatus()) {
            case "past_due", "unpaid", "incomplete" -> true;
            default -> false;
        };
        var plan = rank == 2
                ? items.stream().map(item -> item.getPrice().getId()).flatMap(price -> plans.planOf(price).stream())
                        .findFirst().orElseGet(() -> read.getMetadata().getOrDefault(Checkout.PLAN, Subscription.FREE))
                : Subscription.FREE;
        return new Candidate(read.getMetadata().get(Checkout.USER_ID), rank, read.getCreated(),
                new Subscription(read.getId(), read.getCustomer(), plan, read.getStatus(), end, ending, unpaid));
    }
}
