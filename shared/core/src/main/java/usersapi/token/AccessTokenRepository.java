package usersapi.token;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactUpdateItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.credential.OpaqueToken;
import usersapi.item.Cancellation;
import usersapi.item.Conditions;
import usersapi.item.ItemKey;
import usersapi.item.Ownership;
import usersapi.item.UsersTable;

/**
 * The access tokens. A token is valid while its {@link Ownership} item exists; the owner's profile names the same token
 * by its hash and keeps it encrypted, to show it again. The two agree at every instant.
 */
public final class AccessTokenRepository {

    private static final int MOST_ATTEMPTS = 100;

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<Ownership> owners;
    private final DynamoDbTable<ProfileToken> profiles;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    AccessTokenRepository(DynamoDbEnhancedClient dynamoDb, UsersTable table, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.owners = dynamoDb.table(table.name(), Ownership.SCHEMA);
        this.profiles = dynamoDb.table(table.name(), ProfileToken.SCHEMA);
        this.random = random;
        this.clock = clock;
    }

    /** The external id of the user whose token this is now; empty if it is nobody's. Read consistently. */
    public Optional<String> findOwner(OpaqueToken token) {
        var key = ItemKey.accessToken(token).toKey();
        return Optional.ofNullable(owners.getItem(get -> get.key(key).consistentRead(true))).map(Ownership::userId);
    }

    /**
     * Replaces the user's token, or gives it one: in one transaction the new token comes in, the old one, which must
     * still be the one that the profile names, goes out, and the profile follows. Who loses a race tries again, so that
     * each call replaces the token that was valid just before it.
     *
     * @return the new token; empty if there is no such user
     */
    public Optional<OpaqueToken> regenerate(String userId, TokenCipher cipher) {
        var key = ItemKey.profile(userId);
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var old = profiles.getItem(get -> get.key(key.toKey()).consistentRead(true));
            if (old == null) {
                return Optional.empty();
            }
            var token = OpaqueToken.random(random);
            var now = new ProfileToken(key, cipher.encrypt(userId, token), token.sha256(), clock.instant());
            if (replace(userId, old, now)) {
                return Optional.of(token);
            }
        }
        throw new IllegalStateException("the access token was replaced by others in " + MOST_ATTEMPTS + " attempts");
    }

    /** False if another request changed the token meanwhile. */
    private boolean replace(String userId, ProfileToken old, ProfileToken now) {
        var transaction = TransactWriteItemsEnhancedRequest.builder()
                .addPutItem(owners,
                        Conditions.putIfNew(Ownership.class, new Ownership(ItemKey.accessToken(now.hash), userId)))
                .addUpdateItem(profiles, TransactUpdateItemEnhancedRequest.builder(ProfileToken.class).item(now)
                        .conditionExpression(Conditions.isStill("token_hash",
                                Optional.ofNullable(old.hash).map(AttributeValue::fromS)))
                        .build());
        if (old.hash != null) {
            transaction.addDeleteItem(owners, TransactDeleteItemEnhancedRequest.builder()
                    .key(ItemKey.accessToken(old.hash).toKey()).build());
        }
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

    /** The part of the profile that this repository writes; an update touches no other attribute. */
    private record ProfileToken(ItemKey key, String encrypted, String hash, Instant modified) {

        static final TableSchema<ProfileToken> SCHEMA = StaticImmutableTableSchema
                .builder(ProfileToken.class, Builder.class).newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, ProfileToken::key, (builder, value) -> builder.key = value)
                .addAttribute(String.class, a -> a.name("token").getter(ProfileToken::encrypted)
                        .setter((builder, value) -> builder.encrypted = value))
                .addAttribute(String.class, a -> a.name("token_hash").getter(ProfileToken::hash)
                        .setter((builder, value) -> builder.hash = value))
                .addAttribute(Instant.class, a -> a.name("modified").getter(ProfileToken::modified)
                        .setter((builder, value) -> builder.modified = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private String encrypted;
            private String hash;
            private Instant modified;

            ProfileToken build() {
                return new ProfileToken(key, encrypted, hash, modified);
            }
        }
    }
}
