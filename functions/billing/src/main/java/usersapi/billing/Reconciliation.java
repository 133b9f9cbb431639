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
 * Makes a user's profile agree with Stripe. An event is only a hint that a subscription changed. Events arrive more than
 * once and in any order, so the function asks Stripe for this subscription and for all others of the user's customer. So a
 * late {@code updated} cannot revive a deleted subscription, the end of an old subscription cannot end a new one, and a
 * repeated event repairs the profile.
 *
 * @see <a href="https://docs.stripe.com/webhooks#event-ordering">Event ordering</a>
 */
final class Reconciliation {

    /** Each attempt fails only if another event of the same user was faster; so many do not come at once. */
    private static final int MAX_ATTEMPTS = 10;

    private final StripeApi stripe;
    private final SubscriptionRepository users;
    private final CustomerRepository customers;
    private final UserSubscriptions subscriptions;

    /** The outcome of an event. */
    sealed interface Effect {

        /**
         * The profile agrees with Stripe.
         *
         * @param counting the subscription that is recorded now
         * @param planChanged whether its plan or its status differs from before
         * @param paid how many subscriptions give a configured plan
         * @param unknownPrices the user's paid subscriptions with a price that belongs to no plan
         */
        record Applied(String userId, Subscription counting, boolean planChanged, long paid, List<String> unknownPrices)
                implements
                    Effect {

            /** The outcome for the log line. */
            Outcome outcome() {
                if (paid > 1) {
                    return Outcome.PAID_TWICE;
                }
                return unknownPrices.isEmpty() ? Outcome.OK : Outcome.UNKNOWN_PRICE;
            }

            /** Adds its members to the log line. */
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

        /** The subscription is paid, but its user is unknown. */
        record UnknownPayer() implements Effect {}

        /** The event does not matter; {@code reason} is for the log. */
        record Ignored(String reason) implements Effect {}

        /** Stripe did not answer, so nothing was written; the event must be tried again. */
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

    /** Handles an event. */
    Effect apply(StripeEvent event) {
        if (event.subscriptionId().isEmpty()) {
            return new Effect.Ignored("an event that says nothing about a subscription");
        }
        var id = event.subscriptionId().get();
        return asking(client -> {
            // The user is read before Stripe is asked: if it is unchanged at the write, no newer answer was recorded meanwhile.
            var named = event.userId().flatMap(users::find);
            if (named.isPresent()) {
                var all = subscriptions.read(client, named.get(), Set.of(id));
                if (isAmong(id, all)) {
                    return settle(named.get(), all);
                }
            }
            // A missing subscription is a failure: the key may be another account's, and Stripe must repeat the event.
            var read = UserSubscriptions.existing(client, id);
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

    /** Asks Stripe for all subscriptions of a user, also for those without an event. */
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

    /** Repeats an attempt while it finds the user changed. */
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
            // The subscription was made in the dashboard for a user without a checkout, who gets its customer now.
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

    /** The ids that the user's next event needs: an ended subscription never comes back, but the best one is compared again. */
    private static Set<String> lasting(List<StripeSubscription> all, StripeSubscription best) {
        var ids = new TreeSet<>(Set.of(best.id()));
        all.stream().filter(StripeSubscription::isLiving).map(StripeSubscription::id).forEach(ids::add);
        return ids;
    }
}
