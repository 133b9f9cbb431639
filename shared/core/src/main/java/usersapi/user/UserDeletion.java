package usersapi.user;

import static usersapi.table.UsersTable.BILLING_REVISION;
import static usersapi.table.UsersTable.CHECKOUT_NUMBER;
import static usersapi.table.UsersTable.CUSTOMER_ID;
import static usersapi.table.UsersTable.EMAIL;
import static usersapi.table.UsersTable.ID;
import static usersapi.table.UsersTable.SUBJECT;
import static usersapi.table.UsersTable.TOKEN_HASH;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.subscription.CheckoutAttempt;
import usersapi.subscription.Subscriber;
import usersapi.table.Attribute;
import usersapi.table.Claim;
import usersapi.table.Condition;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/** Deletes users. */
public final class UserDeletion {

    private final DynamoDbClient dynamoDb;
    private final UsersTable users;
    private final CredentialsTable credentials;

    @Inject
    UserDeletion(DynamoDbClient dynamoDb, UsersTable users, CredentialsTable credentials) {
        this.dynamoDb = dynamoDb;
        this.users = users;
        this.credentials = credentials;
    }

    /** The outcomes of {@link #delete}. */
    public enum Deletion {
        /** The user was deleted. */
        DELETED,
        /** There was no such user. */
        ABSENT,
        /** The user's billing has changed since it was reported, so nothing was deleted. Report it again. */
        BILLING_CHANGED
    }

    /**
     * Deletes the user, the claims to address, subject and Stripe's customer, and the current access token in one
     * transaction. Afterwards no session opens for the user; the caller ends the open ones.
     *
     * @param reported the user as reported to the caller; the deletion fails if the billing has changed since
     */
    public Deletion delete(Subscriber reported) {
        var key = UsersTable.attributes(UsersTable.profile(reported.userId()));
        var retries = Retries.ofInvocation();
        while (true) {
            var found = Profile.SCHEMA.find(dynamoDb, users.name(), key);
            if (found.isEmpty()) {
                return Deletion.ABSENT;
            }
            var profile = found.get();
            if (!profile.billing().equals(Billing.of(reported))) {
                return Deletion.BILLING_CHANGED;
            }
            if (isDeleted(profile)) {
                return Deletion.DELETED;
            }
            retries.backOff(null);
        }
    }

    /** Returns false if the user has changed meanwhile. */
    private boolean isDeleted(Profile profile) {
        if (!(EmailAddress.parse(profile.email) instanceof EmailAddress.Parsed.Valid(var email))) {
            throw new IllegalStateException("the profile has no e-mail address");
        }
        var userId = profile.userId;
        var writes = new ArrayList<>(List.of(
                Transactions.delete(users.name(), UsersTable.attributes(UsersTable.profile(userId)), isStill(profile)),
                new Claim(UsersTable.emailClaim(email.canonical()), userId).deletion(users)));
        if (profile.subject != null) {
            writes.add(new Claim(profile.subject, userId).deletion(users));
        }
        if (profile.customerId != null) {
            writes.add(new Claim(UsersTable.customerClaim(profile.customerId), userId).deletion(users));
        }
        if (profile.tokenHash != null) {
            writes.add(Transactions.delete(credentials.name(),
                    CredentialsTable.accessToken(profile.tokenHash).attributes()));
        }
        return Transactions.write(dynamoDb, writes);
    }

    private static Condition isStill(Profile profile) {
        var billing = profile.billing();
        return Condition.areStill(ID,
                Map.of(TOKEN_HASH, text(profile.tokenHash), EMAIL, text(profile.email), SUBJECT, text(profile.subject),
                        CUSTOMER_ID, text(profile.customerId), BILLING_REVISION, number(billing.revision),
                        CHECKOUT_NUMBER, number(billing.checkout)));
    }

    private static Optional<AttributeValue> text(String value) {
        return Optional.ofNullable(value).map(AttributeValue::fromS);
    }

    /** An attribute that was never written counts as 0. */
    private static Optional<AttributeValue> number(long value) {
        return value == 0 ? Optional.empty() : Optional.of(AttributeValue.fromN(Long.toString(value)));
    }

    /** The billing state that must not change between a report and the deletion. */
    private record Billing(Optional<String> customerId, long revision, long checkout) {

        static Billing of(Subscriber user) {
            return new Billing(user.customerId(), user.revision(),
                    user.checkout().map(CheckoutAttempt::number).orElse(0L));
        }
    }

    /** The attributes of a profile that name the user's other items, and those that the deletion's condition needs. */
    private record Profile(String userId, String email, String subject, String tokenHash, String customerId,
            Long revision, Long checkout) {

        static final RecordSchema<Profile> SCHEMA = RecordSchema
                .of(item -> new Profile(item.get(Attribute.EXTERNAL_ID), item.get(EMAIL), item.get(SUBJECT),
                        item.get(TOKEN_HASH),
                        item.get(CUSTOMER_ID), item.get(BILLING_REVISION), item.get(CHECKOUT_NUMBER)))
                .key(ID, profile -> UsersTable.profile(profile.userId))
                .with(Attribute.EXTERNAL_ID, Profile::userId).with(EMAIL, Profile::email)
                .with(SUBJECT, Profile::subject).with(TOKEN_HASH, Profile::tokenHash)
                .with(CUSTOMER_ID, Profile::customerId)
                .with(BILLING_REVISION, Profile::revision).with(CHECKOUT_NUMBER, Profile::checkout);

        Billing billing() {
            return new Billing(Optional.ofNullable(customerId), Objects.requireNonNullElse(revision, 0L),
                    Objects.requireNonNullElse(checkout, 0L));
        }

        @Override
        public String toString() {
            return "Profile[" + userId + "]";
        }
    }
}
