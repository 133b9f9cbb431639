package usersapi.user;

import static usersapi.table.UsersTable.CREATED;
import static usersapi.table.UsersTable.EMAIL;
import static usersapi.table.UsersTable.ID;
import static usersapi.table.UsersTable.MODIFIED;
import static usersapi.table.UsersTable.SETTINGS;
import static usersapi.table.UsersTable.SUBJECT;
import static usersapi.table.UsersTable.TOKEN;
import static usersapi.table.UsersTable.TOKEN_HASH;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.credential.OpaqueToken;
import usersapi.table.Attribute;
import usersapi.table.Claim;
import usersapi.table.Condition;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;
import usersapi.token.TokenCipher;
import usersapi.token.TokenOwner;

/** Creates users. An e-mail address, in its canonical form, belongs to one user. */
public final class UserRegistration {

    private final DynamoDbClient dynamoDb;
    private final UsersTable users;
    private final CredentialsTable credentials;
    private final TokenCipher cipher;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * The result of {@link #provision}.
     *
     * @param userId the external id of the user with that address
     * @param created whether the user is new
     */
    public record Provisioned(String userId, boolean created) {}

    @Inject
    UserRegistration(DynamoDbClient dynamoDb, UsersTable users, CredentialsTable credentials,
            TokenCipher cipher, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.users = users;
        this.credentials = credentials;
        this.cipher = cipher;
        this.random = random;
        this.clock = clock;
    }

    /** Finds the user of an address, or creates one with an access token. It is idempotent, also for calls at the same time. */
    public Provisioned provision(EmailAddress email) {
        var retries = Retries.ofInvocation();
        while (true) {
            var owner = Claim.owner(dynamoDb, users, UsersTable.emailClaim(email.canonical()));
            if (owner.isPresent()) {
                return new Provisioned(owner.get(), false);
            }
            var created = create(email, Optional.empty());
            if (created.isPresent()) {
                return new Provisioned(created.get(), true);
            }
            retries.backOff(null);
        }
    }

    /** 128 random bits in hex: so that ids are unique and nobody guesses one. */
    private String randomId() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Creates a user: claims, profile and token in one transaction.
     *
     * @param subject id of the claim to the subject that signs in as this user
     * @return the external id; empty if the address or the subject was claimed meanwhile
     */
    Optional<String> create(EmailAddress email, Optional<String> subject) {
        var userId = randomId();
        var token = OpaqueToken.random(random);
        var profile = new Profile(userId, email.value(), subject.orElse(null), clock.instant(),
                cipher.encrypt(userId, token), token.sha256());
        var writes = new ArrayList<>(List.of(
                new Claim(UsersTable.emailClaim(email.canonical()), userId).making(users),
                Transactions.put(credentials.name(), TokenOwner.SCHEMA.write(TokenOwner.of(token.sha256(), userId)),
                        Condition.isNew(CredentialsTable.LOOKUP)),
                Transactions.put(users.name(), Profile.SCHEMA.write(profile), Condition.isNew(ID))));
        subject.map(id -> new Claim(id, userId).making(users)).ifPresent(writes::add);
        return Transactions.write(dynamoDb, writes) ? Optional.of(userId) : Optional.empty();
    }

    /** A new user's profile. */
    private record Profile(String userId, String email, String subject, Instant created, String encryptedToken,
            String tokenHash) {

        static final RecordSchema<Profile> SCHEMA = RecordSchema
                .of(item -> new Profile(item.get(Attribute.EXTERNAL_ID), item.get(EMAIL), item.get(SUBJECT),
                        item.get(CREATED),
                        item.get(TOKEN), item.get(TOKEN_HASH)))
                .key(ID, profile -> UsersTable.profile(profile.userId))
                .with(Attribute.EXTERNAL_ID, Profile::userId).with(EMAIL, Profile::email)
                .with(SUBJECT, Profile::subject)
                .with(SETTINGS, profile -> Map.of()).with(CREATED, Profile::created).with(MODIFIED, Profile::created)
                .with(TOKEN, Profile::encryptedToken).with(TOKEN_HASH, Profile::tokenHash);

        @Override
        public String toString() {
            return "Profile[" + userId + "]";
        }
    }
}
