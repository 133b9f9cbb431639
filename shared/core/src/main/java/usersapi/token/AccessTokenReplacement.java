package usersapi.token;

import static usersapi.table.UsersTable.ID;
import static usersapi.table.UsersTable.MODIFIED;
import static usersapi.table.UsersTable.TOKEN;
import static usersapi.table.UsersTable.TOKEN_HASH;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactUpdateItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.table.Conditions;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/**
 * Replaces access tokens. A token is valid while its {@link TokenOwner} exists; the owner's profile names the same token by
 * its hash and keeps it encrypted, to show it again. The two agree at every instant.
 */
public final class AccessTokenReplacement {

    /** Who has lost a race and finds a change younger than this waits once more, for it is not the last one. */
    private static final Duration QUIET = Duration.ofMillis(25);
    /** How often in a row: then it tries, whatever others do. */
    private static final int MAX_WAITS_FOR_QUIET = 3;

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<TokenOwner> owners;
    private final DynamoDbTable<ProfileToken> profiles;
    private final TokenCipher cipher;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    AccessTokenReplacement(DynamoDbEnhancedClient dynamoDb, UsersTable users, CredentialsTable credentials,
            TokenCipher cipher, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.owners = dynamoDb.table(credentials.name(), TokenOwner.SCHEMA);
        this.profiles = dynamoDb.table(users.name(), ProfileToken.SCHEMA);
        this.cipher = cipher;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Replaces the user's token, or gives it one: in one transaction the new token comes in, the old one, which must
     * still be the one that the profile names, goes out, and the profile follows. Who loses a race tries again, so that
     * each call replaces the token that was valid just before it.
     *
     * @return the new token; empty if there is no such user
     */
    public Optional<OpaqueToken> regenerate(String userId) {
        var id = UsersTable.profile(userId);
        var retries = Retries.ofInvocation();
        int waitedForQuiet = 0;
        boolean lost = false;
        while (true) {
            var old = profiles.getItem(get -> get.key(UsersTable.key(id)).consistentRead(true));
            if (old == null) {
                return Optional.empty();
            }
            if (lost && waitedForQuiet < MAX_WAITS_FOR_QUIET && isBeingReplaced(old)) {
                waitedForQuiet++;
            } else {
                var token = OpaqueToken.random(random);
                var now = new ProfileToken(id, cipher.encrypt(userId, token), token.sha256(), clock.instant());
                if (replace(userId, old, now)) {
                    return Optional.of(token);
                }
                lost = true;
                waitedForQuiet = 0;
            }
            retries.backOff(null);
        }
    }

    /** Whether others are at it so hard that a transaction would most likely be for nothing. */
    private boolean isBeingReplaced(ProfileToken token) {
        return token.modified != null && token.modified.isAfter(clock.instant().minus(QUIET));
    }

    /** False if another request changed the token meanwhile. */
    private boolean replace(String userId, ProfileToken old, ProfileToken now) {
        var transaction = TransactWriteItemsEnhancedRequest.builder()
                .addPutItem(owners, Conditions.putIfNew(CredentialsTable.LOOKUP, TokenOwner.class,
                        TokenOwner.of(now.hash, userId)))
                .addUpdateItem(profiles,
                        TransactUpdateItemEnhancedRequest.builder(ProfileToken.class).item(now)
                                .conditionExpression(Conditions.isStill(ID, TOKEN_HASH,
                                        Optional.ofNullable(old.hash).map(AttributeValue::fromS)))
                                .build());
        if (old.hash != null) {
            transaction.addDeleteItem(owners, CredentialsTable.accessToken(old.hash).toKey());
        }
        return Transactions.write(dynamoDb, transaction.build());
    }

    /** The part of the profile that this class writes; an update touches no other attribute. */
    private record ProfileToken(String id, String encrypted, String hash, Instant modified) {

        static final TableSchema<ProfileToken> SCHEMA = RecordSchema
                .of(ProfileToken.class,
                        item -> new ProfileToken(item.get(ID), item.get(TOKEN), item.get(TOKEN_HASH),
                                item.get(MODIFIED)))
                .partitionKey(ID, ProfileToken::id).with(TOKEN, ProfileToken::encrypted)
                .with(TOKEN_HASH, ProfileToken::hash).with(MODIFIED, ProfileToken::modified).build();
    }
}
