package usersapi.billing;

import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.Outcome;
import usersapi.subscription.CustomerRepository;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;
import usersapi.subscription.SubscriptionRepository;

/**
 * Brings a user's profile into agreement with Stripe. An event is only a hint that a subscription changed: events arrive more
 * than once and in any order, so the state is what Stripe says when it is asked, of this subscription and of all others of the
 * user's customer. So a late {@code updated} cannot revive what is deleted, an old subscription's end cannot end a new one,
 * and an event that is sent again repairs what went wrong.
 *
 * @see <a href="https://docs.stripe.com/webhooks#event-ordering">Event ordering</a>
 */
final class Reconciliation {

    /** Each is overtaken by another event of the same user, and of those not that many come at once. */
    private static final int MAX_ATTEMPTS = 10;

    private final StripeApi stripe;
    private final SubscriptionRepository users;
    private final CustomerRepository customers;
    private final UserSubscriptions subscriptions;

    /** The outcome of an event. */
    sealed interface Effect {

        /**
         * The profile says what Stripe says.
         *
         * @param counting what is recorded now
         * @param planChanged whether that is another plan, or another status, than before
         * @param paid how many subscriptions give a configured plan, where one would do
         * @param unknownPrices the user's subscriptions that are paid at a price that is no plan's
         */
        record Applied(String userId, Subscription counting, boolean planChanged, long paid, List<String> unknownPrices)
                implements
                    Effect {

            /** The outcome that an operator is told. */
            Outcome outcome() {
                if (paid > 1) {
                    return Outcome.PAID_TWICE;
                }
                return unknownPrices.isEmpty() ? Outcome.OK : Outcome.UNKNOWN_PRICE;
            }

            /** Adds what the log says of it. */
            void addTo(JsonObject log) {
                log.put("effect", "applied").put("user_id", userId).put("paid_subscriptions", paid)
                        .put("counting_subscription_id", counting.id()).put("subscription_status", counting.status())
                        .put("plan", counting.plan());
                if (planChanged) {
                    AccountEvent.PLAN_CHANGED.toLog().members().forEach(log::put);
                }
                if (!unknownPrices.isEmpty()) {
                    log.put("without_plan", unknownPrices);
                }
            }
        }

        /** The subscription is paid, and nobody is known who it is for. */
        record UnknownPayer() implements Effect {}

        /** It is nothing to us; {@code reason} for the log. */
        record Ignored(String reason) implements Effect {}

        /** Stripe did not say, so nothing was written: it must be tried again. */
        record Unanswered(StripeFailure failure) implements Effect {}
    }

    @Inject
    Reconciliation(StripeApi stripe, SubscriptionRepository users, CustomerRepository customers,
            UserSubscriptions subscriptions) {
        this.stripe = stripe;
        this.users = users;
        this.customers = customers;
        this.subscriptions = subscriptions;
    }

    /** Deals with an event. */
    Effect apply(StripeEvent event) {
        if (event.subscriptionId().isEmpty()) {
            return new Effect.Ignored("an event that says nothing about a subscription");
        }
        var id = event.subscriptionId().get();
        return asking(client -> {
            // The user first, Stripe second: if the user is unchanged when it is written, nothing newer was read meanwhile.
            var named = event.userId().flatMap(users::find);
            if (named.isPresent()) {
                var all = subscriptions.read(client, named.get(), Set.of(id));
                if (isAmong(id, all)) {
                    return settle(named.get(), all);
                }
            }
            // That there is none is a failure: the key may be another account's, and the event must come again.
            var read = StripeSubscription.of(client.v1().subscriptions().retrieve(id));
            var owner = owner(read);
            if (owner.isPresent()) {
                var all = subscriptions.read(client, owner.get(), Set.of(id));
                if (isAmong(id, all)) {
                    return settle(owner.get(), all);
                }
            }
            return Optional.of(withoutOwner(read));
        });
    }

    private static boolean isAmong(String id, List<StripeSubscription> all) {
        return all.stream().anyMatch(subscription -> subscription.id().equals(id));
    }

    /** Asks Stripe for all subscriptions of a user, also those of which no event ever came. */
    Effect apply(String userId) {
        return asking(client -> {
            var user = users.find(userId);
            if (user.isEmpty()) {
                return Optional.of(new Effect.Ignored("an unknown user"));
            }
            var all = subscriptions.read(client, user.get(), Set.of());
            return all.isEmpty()
                    ? Optional.of(new Effect.Ignored("a user without a subscription"))
                    : settle(user.get(), all);
        });
    }

    /** One try; empty if the user has changed meanwhile. */
    private Effect asking(StripeApi.Call<Optional<Effect>> attempt) {
        return switch (stripe.ask(client -> {
            for (int i = 0; i < MAX_ATTEMPTS; i++) {
                var effect = attempt.on(client);
                if (effect.isPresent()) {
                    return effect.get();
                }
            }
            return new Effect.Unanswered(StripeFailure.overtaken());
        })) {
            case StripeApi.Reply.Done(var effect) -> effect;
            case StripeApi.Reply.Failed(var failure) -> new Effect.Unanswered(failure);
        };
    }

    /** The user whom the subscription names, or else the one whose customer pays. */
    private Optional<Subscriber> owner(StripeSubscription subscription) {
        return subscription.userId().flatMap(users::find)
                .or(() -> customers.owner(subscription.customerId()).flatMap(users::find));
    }

    private Effect withoutOwner(StripeSubscription subscription) {
        boolean isOurs = subscription.userId().isPresent() || subscriptions.isOfPlan(subscription);
        return isOurs && subscription.isProviding()
                ? new Effect.UnknownPayer()
                : new Effect.Ignored(isOurs ? "a subscription of an unknown user" : "another product's subscription");
    }

    /** Empty if the user has changed since it was read. */
    private Optional<Effect> settle(Subscriber user, List<StripeSubscription> all) {
        var best = subscriptions.best(user, all).orElseThrow();
        if (user.customerId().isEmpty() && best.isLiving()) {
            // Made in the dashboard for a user who never checked out: that customer it is from now on.
            customers.assign(user, best.customerId());
        }
        var recorded = subscriptions.toRecord(user, best);
        return users.record(user, recorded, lasting(all, best))
                ? Optional.of(new Effect.Applied(user.userId(), recorded, isChange(user.subscription(), recorded),
                        all.stream().filter(subscriptions::givesPlan).count(),
                        all.stream().filter(StripeSubscription::isProviding)
                                .filter(subscription -> !subscriptions.isOfPlan(subscription))
                                .map(StripeSubscription::id).toList()))
                : Optional.empty();
    }

    private static boolean isChange(Optional<Subscription> before, Subscription now) {
        return before.filter(known -> known.plan().equals(now.plan()) && known.status().equals(now.status())).isEmpty();
    }

    /** The ids that matter to the user's next event: what has ended never comes back, but the best one is compared again. */
    private static Set<String> lasting(List<StripeSubscription> all, StripeSubscription best) {
        var ids = new TreeSet<>(Set.of(best.id()));
        all.stream().filter(StripeSubscription::isLiving).map(StripeSubscription::id).forEach(ids::add);
        return ids;
    }
}
