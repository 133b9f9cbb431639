package usersapi.subscription;

import static usersapi.table.UsersTable.BILLING_REVISION;
import static usersapi.table.UsersTable.CUSTOMER_ID;
import static usersapi.table.UsersTable.EMAIL;
import static usersapi.table.UsersTable.ID;
import static usersapi.table.UsersTable.MODIFIED;
import static usersapi.table.UsersTable.SUBSCRIPTION_IDS;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.table.Condition;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;

/** The users' subscriptions: part of each user's profile, written by Stripe's events only. */
public final class SubscriptionRepository {

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Clock clock;

    @Inject
    SubscriptionRepository(DynamoDbClient dynamoDb, UsersTable users, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
        this.clock = clock;
    }

    /** The user of that external id, read consistently. */
    public Optional<Subscriber> find(String userId) {
        return Profile.SCHEMA.find(dynamoDb, table, UsersTable.attributes(UsersTable.profile(userId)))
                .map(profile -> new Subscriber(userId, profile.email, Optional.ofNullable(profile.customerId),
                        Optional.ofNullable(profile.billing.subscription),
                        Objects.requireNonNullElse(profile.billing.subscriptionIds, Set.of()),
                        Optional.ofNullable(profile.checkout),
                        Objects.requireNonNullElse(profile.billing.revision, 0L)));
    }

    /**
     * Records Stripe's answer, which must be newer than the user as read. Of two events handled at once one finds the user
     * changed, so an older answer never overwrites a newer one.
     *
     * @param read the user, read before the request to Stripe
     * @param subscriptionIds for {@link Subscriber#subscriptionIds()}
     * @return false if the user has changed since it was read. Then nothing changed; read the user and ask Stripe again
     */
    public boolean record(Subscriber read, Subscription subscription, Set<String> subscriptionIds) {
        var billing = new Billing(UsersTable.profile(read.userId()), subscription, subscriptionIds,
                read.revision() + 1, clock.instant());
        try {
            dynamoDb.updateItem(Billing.SCHEMA.update(billing, isStill(read)).request(table));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static Condition isStill(Subscriber read) {
        var revision = AttributeValue.fromN(Long.toString(read.revision()));
        return Condition.isStill(ID, BILLING_REVISION, Optional.of(revision).filter(any -> read.revision() > 0));
    }

    /** The part of the profile that {@link #record} writes; an update touches no other attribute. */
    private record Billing(String id, Subscription subscription, Set<String> subscriptionIds, Long revision,
            Instant modified) {

        static final RecordSchema<Billing> SCHEMA = RecordSchema
                .of(item -> new Billing(item.get(ID), item.get(Subscription.SCHEMA), item.get(SUBSCRIPTION_IDS),
                        item.get(BILLING_REVISION), item.get(MODIFIED)))
                .key(ID, Billing::id).with(Subscription.SCHEMA, Billing::subscription)
                .with(SUBSCRIPTION_IDS, Billing::subscriptionIds).with(BILLING_REVISION, Billing::revision)
                .with(MODIFIED, Billing::modified);
    }

    /** The part that {@link #find} reads: the same and more. */
    private record Profile(Billing billing, String email, String customerId, CheckoutAttempt checkout) {

        static final RecordSchema<Profile> SCHEMA = RecordSchema
                .of(item -> new Profile(item.get(Billing.SCHEMA), item.get(EMAIL), item.get(CUSTOMER_ID),
                        item.get(CheckoutAttempt.SCHEMA)))
                .with(Billing.SCHEMA, Profile::billing).with(EMAIL, Profile::email)
                .with(CUSTOMER_ID, Profile::customerId).with(CheckoutAttempt.SCHEMA, Profile::checkout);

        @Override
        public String toString() {
            return "Profile[redacted]";
        }
    }
}
