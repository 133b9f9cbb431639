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
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import usersapi.credential.OpaqueToken;
import usersapi.table.Attribute;
import usersapi.table.Claim;
import usersapi.table.Conditions;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;
import usersapi.token.TokenCipher;
import usersapi.token.TokenOwner;

/** Creates users. An e-mail address, in its canonical form, belongs to one user. */
public final class UserRegistration {

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<Claim> claims;
    private final DynamoDbTable<Profile> profiles;
    private final DynamoDbTable<TokenOwner> tokens;
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
    UserRegistration(DynamoDbEnhancedClient dynamoDb, UsersTable users, CredentialsTable credentials,
            TokenCipher cipher, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.claims = dynamoDb.table(users.name(), Claim.SCHEMA.enhanced());
        this.profiles = dynamoDb.table(users.name(), Profile.SCHEMA.enhanced());
        this.tokens = dynamoDb.table(credentials.name(), TokenOwner.SCHEMA.enhanced());
        this.cipher = cipher;
        this.random = random;
        this.clock = clock;
    }

    /** Finds the user of an address, or creates one with an access token. It is idempotent, also for calls at the same time. */
    public Provisioned provision(EmailAddress email) {
        var retries = Retries.ofInvocation();
        while (true) {
            var key = UsersTable.key(UsersTable.emailClaim(email.canonical()));
            var claim = claims.getItem(get -> get.key(key).consistentRead(true));
            if (claim != null) {
                return new Provisioned(claim.userId(), false);
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
        var transaction = TransactWriteItemsEnhancedRequest.builder()
                .addPutItem(claims,
                        Conditions.putIfNew(ID, Claim.class,
                                new Claim(UsersTable.emailClaim(email.canonical()), userId)))
                .addPutItem(tokens,
                        Conditions.putIfNew(CredentialsTable.LOOKUP, TokenOwner.class,
                                TokenOwner.of(token.sha256(), userId)))
                .addPutItem(profiles, Conditions.putIfNew(ID, Profile.class, profile));
        subject.ifPresent(id -> transaction.addPutItem(claims,
                Conditions.putIfNew(ID, Claim.class, new Claim(id, userId))));
        return Transactions.write(dynamoDb, transaction) ? Optional.of(userId) : Optional.empty();
    }

    /** A new user's profile. */
    private record Profile(String userId, String email, String subject, Instant created, String encryptedToken,
            String tokenHash) {

        static final RecordSchema<Profile> SCHEMA = RecordSchema
                .of(Profile.class,
                        item -> new Profile(item.get(Attribute.EXTERNAL_ID), item.get(EMAIL), item.get(SUBJECT),
                                item.get(CREATED),
                                item.get(TOKEN), item.get(TOKEN_HASH)))
                .partitionKey(ID, profile -> UsersTable.profile(profile.userId))
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
