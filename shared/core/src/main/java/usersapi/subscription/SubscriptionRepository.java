package usersapi.subscription;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactUpdateItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.item.Cancellation;
import usersapi.item.Conditions;
import usersapi.item.ItemKey;
import usersapi.item.Marker;
import usersapi.item.UsersTable;

/** The users' subscriptions: part of each user's item, written by Stripe's events only. */
public final class SubscriptionRepository {

    /** Stripe sends an event again for up to 30 days (docs.stripe.com/webhooks, «Manual retries»). */
    private static final Duration EVENTS_KEPT_FOR = Duration.ofDays(40);

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<Profile> profiles;
    private final DynamoDbTable<Billing> billings;
    private final DynamoDbTable<Marker> events;
    private final Clock clock;

    /** What {@link #record} came to. */
    public enum Recorded {
        /** The subscription is written, and the event will not be again. */
        WRITTEN,
        /** This event was written before: nothing changed. */
        DUPLICATE,
        /** The user has changed since it was read: nothing changed; read again what Stripe says. */
        OUTDATED
    }

    @Inject
    SubscriptionRepository(DynamoDbEnhancedClient dynamoDb, UsersTable table, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.profiles = dynamoDb.table(table.name(), Profile.SCHEMA);
        this.billings = dynamoDb.table(table.name(), Billing.SCHEMA);
        this.events = dynamoDb.table(table.name(), Marker.SCHEMA);
        this.clock = clock;
    }

    /** The user of that external id, read consistently. */
    public Optional<Subscriber> find(String userId) {
        var key = ItemKey.profile(userId).toKey();
        return Optional.ofNullable(profiles.getItem(get -> get.key(key).consistentRead(true)))
                .map(profile -> new Subscriber(userId, profile.email, Optional.ofNullable(profile.subscription),
                        Objects.requireNonNullElse(profile.subscriptionIds, Set.of()),
                        Objects.requireNonNullElse(profile.revision, 0L)));
    }

    /**
     * Records what Stripe said after the user was read, and in the same transaction that the event is dealt with. Of two
     * events handled at once one finds the user changed, and so never overwrites what was read from Stripe later by what
     * was read earlier.
     *
     * @param read the user as read before Stripe was asked
     * @param subscriptionIds for {@link Subscriber#subscriptionIds()}
     */
    public Recorded record(String eventId, Subscriber read, Subscription subscription, Set<String> subscriptionIds) {
        var now = clock.instant();
        var billing = new Billing(ItemKey.profile(read.userId()), subscription, subscriptionIds, read.revision() + 1,
                now);
        var event = new Marker(ItemKey.stripeEvent(eventId), now.plus(EVENTS_KEPT_FOR).getEpochSecond());
        try {
            dynamoDb.transactWriteItems(TransactWriteItemsEnhancedRequest.builder()
                    .addPutItem(events,
                            Conditions.putIfNew(Marker.class, event))
                    .addUpdateItem(billings, TransactUpdateItemEnhancedRequest.builder(Billing.class).item(billing)
                            .conditionExpression(isStill(read)).build())
                    .build());
            return Recorded.WRITTEN;
        } catch (TransactionCanceledException e) {
            if (Cancellation.isCondition(e, 0)) {
                return Recorded.DUPLICATE;
            }
            if (Cancellation.isOvertaken(e)) {
                return Recorded.OUTDATED;
            }
            throw e;
        }
    }

    private static Expression isStill(Subscriber read) {
        var revision = AttributeValue.fromN(Long.toString(read.revision()));
        return Conditions.isStill("billing_revision", Optional.of(revision).filter(any -> read.revision() > 0));
    }

    /** The part of the user's item that {@link #find} reads. */
    private record Profile(ItemKey key, String email, Subscription subscription, Set<String> subscriptionIds,
            Long revision) {

        static final TableSchema<Profile> SCHEMA = StaticImmutableTableSchema.builder(Profile.class, Builder.class)
                .newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, Profile::key, (builder, value) -> builder.key = value)
                .addAttribute(String.class,
                        a -> a.name("email").getter(Profile::email).setter((builder, value) -> builder.email = value))
                .flatten(Subscription.SCHEMA, Profile::subscription, (builder, value) -> builder.subscription = value)
                .addAttribute(EnhancedType.setOf(String.class),
                        a -> a.name("stripe_subscription_ids").getter(Profile::subscriptionIds)
                                .setter((builder, value) -> builder.subscriptionIds = value))
                .addAttribute(Long.class, a -> a.name("billing_revision").getter(Profile::revision)
                        .setter((builder, value) -> builder.revision = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private String email;
            private Subscription subscription;
            private Set<String> subscriptionIds;
            private Long revision;

            Profile build() {
                return new Profile(key, email, subscription, subscriptionIds, revision);
            }
        }

        @Override
        public String toString() {
            return "Profile[redacted]";
        }
    }

    /** The part of the user's item that {@link #record} writes; an update touches no other attribute. */
    private record Billing(ItemKey key, Subscription subscription, Set<String> subscriptionIds, Long revision,
            Instant modified) {

        static final TableSchema<Billing> SCHEMA = StaticImmutableTableSchema.builder(Billing.class, Builder.class)
                .newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, Billing::key, (builder, value) -> builder.key = value)
                .flatten(Subscription.SCHEMA, Billing::subscription, (builder, value) -> builder.subscription = value)
                .addAttribute(EnhancedType.setOf(String.class),
                        a -> a.name("stripe_subscription_ids").getter(Billing::subscriptionIds)
                                .setter((builder, value) -> builder.subscriptionIds = value))
                .addAttribute(Long.class, a -> a.name("billing_revision").getter(Billing::revision)
                        .setter((builder, value) -> builder.revision = value))
                .addAttribute(Instant.class, a -> a.name("modified").getter(Billing::modified)
                        .setter((builder, value) -> builder.modified = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private Subscription subscription;
            private Set<String> subscriptionIds;
            private Long revision;
            private Instant modified;

            Billing build() {
                return new Billing(key, subscription, subscriptionIds, revision, modified);
            }
        }
    }
}
