package usersapi.token;

import static usersapi.table.UsersTable.MODIFIED;
import static usersapi.table.UsersTable.TOKEN;
import static usersapi.table.UsersTable.TOKEN_HASH;
import static usersapi.table.UsersTable.TOKEN_QUEUE;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import usersapi.credential.OpaqueToken;
import usersapi.table.Attribute;
import usersapi.table.CredentialsTable;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/**
 * Replaces access tokens. A token is valid while its {@link TokenOwner} exists; the owner's profile names the same token by
 * its hash and keeps it encrypted, to show it again. The two agree at every instant.
 *
 * <p>It speaks to the low-level client: the enhanced one cannot take an element out of a set.
 */
public final class AccessTokenReplacement {

    private final DynamoDbClient dynamoDb;
    private final UsersTable users;
    private final CredentialsTable credentials;
    private final ReplacementQueue queue;
    private final TokenCipher cipher;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    AccessTokenReplacement(DynamoDbClient dynamoDb, UsersTable users, CredentialsTable credentials,
            ReplacementQueue queue, TokenCipher cipher, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.users = users;
        this.credentials = credentials;
        this.queue = queue;
        this.cipher = cipher;
        this.random = random;
        this.clock = clock;
    }

    /** The attributes of a profile that replacing its token needs. */
    private record Named(Optional<AttributeValue> hash, List<String> queue) {

        static Named of(Map<String, AttributeValue> profile) {
            return new Named(Optional.ofNullable(profile.get(TOKEN_HASH.name())),
                    profile.containsKey(TOKEN_QUEUE.name()) ? profile.get(TOKEN_QUEUE.name()).ss() : List.of());
        }
    }

    /**
     * Replaces the user's token, or gives it one: in one transaction the new token comes in, the old one, which must
     * still be the one that the profile names, goes out, and the profile follows. A caller who loses a race queues and tries again, so
     * that each call replaces the token that was valid just before it.
     *
     * @return the new token; empty if there is no such user
     */
    public Optional<OpaqueToken> regenerate(String userId) {
        var retries = Retries.ofInvocation();
        var profile = retries.call(() -> read(userId));
        if (profile.isEmpty()) {
            return Optional.empty();
        }
        var first = profile.get();
        if (queue.isEmpty(first.queue)) {
            var token = replace(userId, first, queue.dead(first.queue));
            if (token.isPresent()) {
                return token;
            }
        }
        var place = queue.draw();
        if (!retries.call(() -> queue.join(userId, place))) {
            return Optional.empty();
        }
        while (true) {
            profile = retries.call(() -> read(userId));
            if (profile.isEmpty()) {
                return Optional.empty();
            }
            var now = profile.get();
            if (place.isDue(now.queue)) {
                var token = replace(userId, now, place.served(now.queue));
                if (token.isPresent()) {
                    return token;
                }
                retries.backOff(null);
            } else {
                retries.pause(place.untilNextLook());
            }
        }
    }

    private Optional<Named> read(String userId) {
        var profile = dynamoDb.getItem(get -> get.tableName(users.name())
                .key(UsersTable.attributes(UsersTable.profile(userId))).consistentRead(true));
        return profile.hasItem() ? Optional.of(Named.of(profile.item())) : Optional.empty();
    }

    /** The new token; empty if another request changed the token meanwhile. */
    private Optional<OpaqueToken> replace(String userId, Named old, Collection<String> tickets) {
        var token = OpaqueToken.random(random);
        var writes = new ArrayList<>(List.of(owner(userId, token), profile(userId, old, token, tickets)));
        old.hash.ifPresent(hash -> writes.add(TransactWriteItem.builder()
                .delete(delete -> delete.tableName(credentials.name())
                        .key(CredentialsTable.accessToken(hash.s()).attributes()))
                .build()));
        return Transactions.write(dynamoDb, writes, Retries.ofInvocation()) ? Optional.of(token) : Optional.empty();
    }

    private TransactWriteItem owner(String userId, OpaqueToken token) {
        var item = new HashMap<>(CredentialsTable.accessToken(token.sha256()).attributes());
        item.put(Attribute.EXTERNAL_ID.name(), AttributeValue.fromS(userId));
        return TransactWriteItem.builder().put(put -> put.tableName(credentials.name()).item(item)
                .conditionExpression("attribute_not_exists(%s)".formatted(CredentialsTable.LOOKUP.name()))).build();
    }

    private TransactWriteItem profile(String userId, Named old, OpaqueToken token, Collection<String> tickets) {
        var names = Map.of("#token", TOKEN.name(), "#hash", TOKEN_HASH.name(), "#modified", MODIFIED.name());
        var values = new HashMap<>(Map.of(":token", AttributeValue.fromS(cipher.encrypt(userId, token)), ":hash",
                AttributeValue.fromS(token.sha256()), ":now", AttributeValue.fromS(clock.instant().toString())));
        var update = "SET #token = :token, #hash = :hash, #modified = :now";
        if (!tickets.isEmpty()) {
            update += " DELETE %s :tickets".formatted(TOKEN_QUEUE.name());
            values.put(":tickets", AttributeValue.fromSs(List.copyOf(tickets)));
        }
        var condition = "attribute_exists(%s) AND ".formatted(UsersTable.ID.name());
        if (old.hash.isPresent()) {
            condition += "#hash = :old";
            values.put(":old", old.hash.get());
        } else {
            condition += "attribute_not_exists(#hash)";
        }
        var expression = update;
        var holds = condition;
        return TransactWriteItem.builder()
                .update(write -> write.tableName(users.name()).key(UsersTable.attributes(UsersTable.profile(userId)))
                        .updateExpression(expression).conditionExpression(holds).expressionAttributeNames(names)
                        .expressionAttributeValues(values))
                .build();
    }
}
