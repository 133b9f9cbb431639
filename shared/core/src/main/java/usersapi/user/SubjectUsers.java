package usersapi.user;

import static usersapi.table.UsersTable.EMAIL;
import static usersapi.table.UsersTable.ID;
import static usersapi.table.UsersTable.MODIFIED;
import static usersapi.table.UsersTable.SUBJECT;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.Attribute;
import usersapi.table.Claim;
import usersapi.table.Condition;
import usersapi.table.RecordSchema;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/** The users of an identity provider's subjects. A subject belongs to one user, and a user has at most one subject. */
public final class SubjectUsers {

    private final DynamoDbClient dynamoDb;
    private final UsersTable users;
    private final UserRegistration registration;
    private final Clock clock;

    /** The account of a sign-in. */
    public sealed interface Account {

        /**
         * The user.
         *
         * @param userId the external id
         * @param how how it was found
         */
        record Found(String userId, How how) implements Account {}

        /** No account, because the address belongs to the user of another subject. */
        record AddressTaken() implements Account {}
    }

    /** How an account was found. */
    public enum How {
        /** The subject already had it. */
        KNOWN,
        /** The address is this user's, as the login service vouched, and no subject had signed in as this user before. */
        LINKED,
        /** Neither the subject nor the address had a user. */
        CREATED
    }

    @Inject
    SubjectUsers(DynamoDbClient dynamoDb, UsersTable users, UserRegistration registration, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.users = users;
        this.registration = registration;
        this.clock = clock;
    }

    /**
     * Finds the user of a subject, or creates one. It is idempotent, also for calls at the same time.
     *
     * @param verified the verified address of this person; a changed address is stored, unless it is another user's
     */
    public Account account(Subject subject, EmailAddress verified) {
        var retries = Retries.ofInvocation();
        while (true) {
            var owner = owner(subject.claim());
            var account = owner.isPresent() ? known(owner.get(), verified) : unknown(subject.claim(), verified);
            if (account.isPresent()) {
                return account.get();
            }
            retries.backOff(null);
        }
    }

    /** Empty if the user was deleted meanwhile, or its address or the claim to the new one changed. */
    private Optional<Account> known(String userId, EmailAddress verified) {
        return profile(userId).filter(profile -> hasAddress(profile, verified) || change(profile, verified))
                .<Account>map(profile -> new Account.Found(userId, How.KNOWN));
    }

    /** Empty if subject or address was claimed meanwhile, or the user deleted. */
    private Optional<Account> unknown(String subject, EmailAddress verified) {
        var owner = owner(UsersTable.emailClaim(verified.canonical()));
        if (owner.isEmpty()) {
            return registration.create(verified, Optional.of(subject))
                    .<Account>map(userId -> new Account.Found(userId, How.CREATED));
        }
        return profile(owner.get()).<Account>flatMap(profile -> {
            if (profile.subject != null) {
                // Perhaps of this subject, if another sign-in was faster; then its claim exists by now.
                return profile.subject.equals(subject) ? Optional.empty() : Optional.of(new Account.AddressTaken());
            }
            return link(profile, subject)
                    ? Optional.of(new Account.Found(profile.userId, How.LINKED))
                    : Optional.empty();
        });
    }

    private Optional<String> owner(String claim) {
        return Claim.owner(dynamoDb, users, claim);
    }

    private Optional<Profile> profile(String userId) {
        return Profile.SCHEMA.find(dynamoDb, users.name(), UsersTable.attributes(UsersTable.profile(userId)));
    }

    private static boolean hasAddress(Profile profile, EmailAddress address) {
        return address(profile).canonical().equals(address.canonical());
    }

    private static EmailAddress address(Profile profile) {
        if (EmailAddress.parse(profile.email) instanceof EmailAddress.Parsed.Valid(var address)) {
            return address;
        }
        throw new IllegalStateException("the profile has no e-mail address");
    }

    private boolean link(Profile profile, String subject) {
        var isFree = Condition.areStill(ID, Map.of(SUBJECT, Optional.empty(), EMAIL, text(profile.email)));
        var link = new Link(UsersTable.profile(profile.userId), subject, clock.instant());
        return Transactions.write(dynamoDb, List.of(new Claim(subject, profile.userId).making(users),
                Link.SCHEMA.update(link, isFree).inTransaction(users.name())));
    }

    /**
     * Stores the new address and frees the old one, unless the new one is another user's; returns false if it must be tried
     * again.
     */
    private boolean change(Profile profile, EmailAddress verified) {
        var isSame = Condition.isStill(ID, EMAIL, text(profile.email));
        var address = new Address(UsersTable.profile(profile.userId), verified.value(), clock.instant());
        var old = UsersTable.emailClaim(address(profile).canonical());
        boolean isWritten = Transactions.write(dynamoDb,
                List.of(new Claim(UsersTable.emailClaim(verified.canonical()), profile.userId).making(users),
                        new Claim(old, profile.userId).deletion(users),
                        Address.SCHEMA.update(address, isSame).inTransaction(users.name())));
        return isWritten || owner(UsersTable.emailClaim(verified.canonical()))
                .filter(owner -> !owner.equals(profile.userId)).isPresent();
    }

    private static Optional<AttributeValue> text(String value) {
        return Optional.of(AttributeValue.fromS(value));
    }

    /** The attributes of a profile that identify its user. */
    private record Profile(String userId, String email, String subject) {

        static final RecordSchema<Profile> SCHEMA = RecordSchema
                .of(item -> new Profile(item.get(Attribute.EXTERNAL_ID), item.get(EMAIL), item.get(SUBJECT)))
                .key(ID, profile -> UsersTable.profile(profile.userId))
                .with(Attribute.EXTERNAL_ID, Profile::userId).with(EMAIL, Profile::email)
                .with(SUBJECT, Profile::subject);

        @Override
        public String toString() {
            return "Profile[" + userId + "]";
        }
    }

    /** The attributes that linking writes. */
    private record Link(String id, String subject, Instant modified) {

        static final RecordSchema<Link> SCHEMA = RecordSchema
                .of(item -> new Link(item.get(ID), item.get(SUBJECT), item.get(MODIFIED)))
                .key(ID, Link::id).with(SUBJECT, Link::subject).with(MODIFIED, Link::modified);
    }

    /** The attributes that a changed address writes. */
    private record Address(String id, String email, Instant modified) {

        static final RecordSchema<Address> SCHEMA = RecordSchema
                .of(item -> new Address(item.get(ID), item.get(EMAIL), item.get(MODIFIED)))
                .key(ID, Address::id).with(EMAIL, Address::email).with(MODIFIED, Address::modified);

        @Override
        public String toString() {
            return "Address[redacted]";
        }
    }
}
