package usersapi.user;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.credential.OpaqueToken;
import usersapi.item.Cancellation;
import usersapi.item.Conditions;
import usersapi.item.ItemKey;
import usersapi.item.Ownership;
import usersapi.item.UsersTable;
import usersapi.token.TokenCipher;

/** The users. An e-mail address, by its canonical form, belongs to one of them. */
public final class UserRepository {

    private static final int MOST_ATTEMPTS = 10;
    /** As many as {@code AccessTokenRepository} makes, whose writes are what a deletion meets. */
    private static final int MOST_ATTEMPTS_TO_DELETE = 100;

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<Profile> profiles;
    private final DynamoDbTable<Settings> settings;
    private final DynamoDbTable<Ownership> owners;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * What {@link #provision} came to.
     *
     * @param userId the external id of the user with that address
     * @param created whether the user is new
     */
    public record Provisioned(String userId, boolean created) {}

    @Inject
    UserRepository(DynamoDbEnhancedClient dynamoDb, UsersTable table, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.profiles = dynamoDb.table(table.name(), Profile.SCHEMA);
        this.settings = dynamoDb.table(table.name(), Settings.SCHEMA);
        this.owners = dynamoDb.table(table.name(), Ownership.SCHEMA);
        this.random = random;
        this.clock = clock;
    }

    /** The user of that external id, read consistently: a token shown is the one that is valid. */
    public Optional<User> find(String userId) {
        var key = ItemKey.profile(userId).toKey();
        return Optional.ofNullable(profiles.getItem(get -> get.key(key).consistentRead(true)))
                .map(profile -> new User(userId, profile.email, Optional.ofNullable(profile.tz),
                        Optional.ofNullable(profile.encryptedToken)));
    }

    /** Applies the patch; false if there is no such user. */
    public boolean update(String userId, SettingsPatch patch) {
        var change = new Settings(ItemKey.profile(userId), patch.tz().orElse(null), clock.instant());
        try {
            settings.updateItem(update -> update.item(change)
                    .conditionExpression(Conditions.EXISTS));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** Finds the user of an address, or creates it with an access token: idempotent, also when called at once. */
    public Provisioned provision(EmailAddress email, TokenCipher cipher) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var key = ItemKey.emailClaim(email.canonical()).toKey();
            var claim = owners.getItem(get -> get.key(key).consistentRead(true));
            if (claim != null) {
                return new Provisioned(claim.userId(), false);
            }
            var userId = randomId();
            if (create(userId, email, cipher)) {
                return new Provisioned(userId, true);
            }
        }
        throw new IllegalStateException("neither created nor found in " + MOST_ATTEMPTS + " attempts");
    }

    /** 128 random bits in hex: nobody meets or guesses another user's. */
    private String randomId() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Writes claim, profile and token, all or none; false if the address was claimed meanwhile. */
    private boolean create(String userId, EmailAddress email, TokenCipher cipher) {
        var token = OpaqueToken.random(random);
        var now = clock.instant();
        var profile = new Profile(ItemKey.profile(userId), userId, email.value(), null, now, now,
                cipher.encrypt(userId, token), token.sha256());
        try {
            dynamoDb.transactWriteItems(TransactWriteItemsEnhancedRequest.builder()
                    .addPutItem(owners,
                            Conditions.putIfNew(Ownership.class,
                                    new Ownership(ItemKey.emailClaim(email.canonical()), userId)))
                    .addPutItem(owners,
                            Conditions.putIfNew(Ownership.class, new Ownership(ItemKey.accessToken(token), userId)))
                    .addPutItem(profiles, Conditions.putIfNew(Profile.class, profile)).build());
            return true;
        } catch (TransactionCanceledException e) {
            if (Cancellation.isCondition(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Deletes the user with the claim to the address and the access token, all or none, whatever token is the user's by
     * then. From now on no session opens for the user; those that are open are not this repository's.
     *
     * @return false if there is no such user
     */
    public boolean delete(String userId) {
        var key = ItemKey.profile(userId).toKey();
        for (int attempt = 0; attempt < MOST_ATTEMPTS_TO_DELETE; attempt++) {
            var profile = profiles.getItem(get -> get.key(key).consistentRead(true));
            if (profile == null) {
                return false;
            }
            if (isDeleted(profile)) {
                return true;
            }
        }
        throw new IllegalStateException(
                "the user changed in each of " + MOST_ATTEMPTS_TO_DELETE + " attempts to delete it");
    }

    /** False if the user's token was replaced meanwhile. */
    private boolean isDeleted(Profile profile) {
        var hash = Optional.ofNullable(profile.tokenHash);
        if (!(EmailAddress.parse(profile.email) instanceof EmailAddress.Parsed.Valid(var email))) {
            throw new IllegalStateException("the profile holds no e-mail address");
        }
        var transaction = TransactWriteItemsEnhancedRequest.builder()
                .addDeleteItem(profiles, TransactDeleteItemEnhancedRequest.builder().key(profile.key.toKey())
                        .conditionExpression(Conditions.isStill("token_hash", hash.map(AttributeValue::fromS)))
                        .build())
                .addDeleteItem(owners,
                        TransactDeleteItemEnhancedRequest.builder().key(ItemKey.emailClaim(email.canonical()).toKey())
                                .conditionExpression(isNotAnotherUsers(profile.userId)).build());
        hash.ifPresent(sha256 -> transaction.addDeleteItem(owners, ItemKey.accessToken(sha256).toKey()));
        try {
            dynamoDb.transactWriteItems(transaction.build());
            return true;
        } catch (TransactionCanceledException e) {
            if (Cancellation.isOvertaken(e)) {
                return false;
            }
            throw e;
        }
    }

    private static Expression isNotAnotherUsers(String userId) {
        return Expression.builder().expression("attribute_not_exists(pk) OR external_id = :user")
                .putExpressionValue(":user", AttributeValue.fromS(userId)).build();
    }

    /** The user's item. */
    private record Profile(ItemKey key, String userId, String email, String tz, Instant created, Instant modified,
            String encryptedToken, String tokenHash) {

        static final TableSchema<Profile> SCHEMA = StaticImmutableTableSchema.builder(Profile.class, Builder.class)
                .newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, Profile::key, (builder, value) -> builder.key = value)
                .addAttribute(String.class, a -> a.name("external_id").getter(Profile::userId)
                        .setter((builder, value) -> builder.userId = value))
                .addAttribute(String.class,
                        a -> a.name("email").getter(Profile::email).setter((builder, value) -> builder.email = value))
                .addAttribute(String.class,
                        a -> a.name("tz").getter(Profile::tz).setter((builder, value) -> builder.tz = value))
                .addAttribute(Instant.class, a -> a.name("created").getter(Profile::created)
                        .setter((builder, value) -> builder.created = value))
                .addAttribute(Instant.class, a -> a.name("modified").getter(Profile::modified)
                        .setter((builder, value) -> builder.modified = value))
                .addAttribute(String.class, a -> a.name("token").getter(Profile::encryptedToken)
                        .setter((builder, value) -> builder.encryptedToken = value))
                .addAttribute(String.class, a -> a.name("token_hash").getter(Profile::tokenHash)
                        .setter((builder, value) -> builder.tokenHash = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private String userId;
            private String email;
            private String tz;
            private Instant created;
            private Instant modified;
            private String encryptedToken;
            private String tokenHash;

            Profile build() {
                return new Profile(key, userId, email, tz, created, modified, encryptedToken, tokenHash);
            }
        }

        @Override
        public String toString() {
            return "Profile[" + userId + "]";
        }
    }

    /** The part of the profile that {@link #update} writes; a null is removed, other attributes stay. */
    private record Settings(ItemKey key, String tz, Instant modified) {

        static final TableSchema<Settings> SCHEMA = StaticImmutableTableSchema.builder(Settings.class, Builder.class)
                .newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, Settings::key, (builder, value) -> builder.key = value)
                .addAttribute(String.class,
                        a -> a.name("tz").getter(Settings::tz).setter((builder, value) -> builder.tz = value))
                .addAttribute(Instant.class, a -> a.name("modified").getter(Settings::modified)
                        .setter((builder, value) -> builder.modified = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private String tz;
            private Instant modified;

            Settings build() {
                return new Settings(key, tz, modified);
            }
        }
    }
}
