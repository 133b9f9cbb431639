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
import usersapi.session.SessionCheck;
import usersapi.table.Condition;
import usersapi.table.CredentialsTable;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/**
 * Replaces access tokens. A token is valid while its {@link TokenOwner} exists; the owner's profile names the same token by
 * its hash and keeps it encrypted, to show it again. The two agree at every instant.
 */
public final class AccessTokenReplacement {

    private final DynamoDbClient dynamoDb;
    private final UsersTable users;
    private final CredentialsTable credentials;
    private final SessionCheck sessions;
    private final ReplacementQueue queue;
    private final TokenCipher cipher;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    AccessTokenReplacement(DynamoDbClient dynamoDb, UsersTable users, CredentialsTable credentials,
            SessionCheck sessions, ReplacementQueue queue, TokenCipher cipher, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.users = users;
        this.credentials = credentials;
        this.sessions = sessions;
        this.queue = queue;
        this.cipher = cipher;
        this.random = random;
        this.clock = clock;
    }

    /** A new token, in clear and for the table. */
    private record Fresh(OpaqueToken token, String encrypted) {

        @Override
        public String toString() {
            return "Fresh[redacted]";
        }
    }

    /** The attributes of a profile that replacing its token needs. */
    private record Named(Optional<AttributeValue> hash, List<String> queue) {

        boolean isOf(Fresh fresh) {
            return hash.filter(AttributeValue.fromS(fresh.token.sha256())::equals).isPresent();
        }

        static Named of(Map<String, AttributeValue> profile) {
            return new Named(Optional.ofNullable(profile.get(TOKEN_HASH.name())),
                    profile.containsKey(TOKEN_QUEUE.name()) ? profile.get(TOKEN_QUEUE.name()).ss() : List.of());
        }
    }

    /**
     * Replaces the user's token, or gives the user one. One transaction writes the new token, deletes the old one, which must
     * still be the one of the profile, and updates the profile. Each call replaces the token that was valid just before it.
     * One transaction may complete several concurrent calls, in their order and at the same instant: then only the token of the
     * last one is ever valid, and only that token is written.
     *
     * @return the new token; empty if there is no such user
     */
    public Optional<OpaqueToken> regenerate(String userId) {
        return regenerate(userId, Optional.empty());
    }

    /**
     * The same for a request by session. If the session has ended, nothing is replaced, and the result is empty too.
     *
     * @param sessionId the session's id in the list
     */
    public Optional<OpaqueToken> regenerate(String userId, String sessionId) {
        return regenerate(userId, Optional.of(sessionId));
    }

    private Optional<OpaqueToken> regenerate(String userId, Optional<String> sessionId) {
        var fresh = fresh(userId); // first, because without a key there is nothing to queue for
        var place = queue.join(userId).orElse(null);
        if (place == null) {
            return Optional.empty();
        }
        var retries = Retries.ofInvocation();
        var tried = new ArrayList<Fresh>();
        var profile = Named.of(place.profile());
        boolean isDue = place.isAlone();
        while (true) {
            if (isDue) {
                if (replace(userId, profile, fresh, place.served(), sessionId)) {
                    return Optional.of(fresh.token);
                }
                if (hasEnded(sessionId)) {
                    queue.leave(userId, place);
                    return Optional.empty();
                }
                tried.add(fresh);
                fresh = fresh(userId);
            }
            retries.pause(place.untilNextLook());
            var now = read(userId);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            profile = now.get();
            if (place.isServed(profile.queue)) {
                // By a later caller, or by a transaction of this one: its answer was lost, and its repetition failed.
                return Optional.of(tried.stream().filter(profile::isOf).findFirst().orElse(fresh).token);
            }
            isDue = place.isDue(profile.queue);
        }
    }

    private Fresh fresh(String userId) {
        var token = OpaqueToken.random(random);
        return new Fresh(token, cipher.encrypt(userId, token));
    }

    private boolean hasEnded(Optional<String> sessionId) {
        return sessionId.isPresent() && !sessions.isThere(sessionId.get());
    }

    private Optional<Named> read(String userId) {
        var profile = dynamoDb.getItem(get -> get.tableName(users.name())
                .key(UsersTable.attributes(UsersTable.profile(userId))).consistentRead(true));
        return profile.hasItem() ? Optional.of(Named.of(profile.item())) : Optional.empty();
    }

    /** False if another request has changed the token meanwhile, or the session has ended. */
    private boolean replace(String userId, Named old, Fresh fresh, Collection<String> tickets,
            Optional<String> sessionId) {
        var writes = new ArrayList<>(List.of(owner(userId, fresh.token), profile(userId, old, fresh, tickets)));
        old.hash.map(hash -> CredentialsTable.accessToken(hash.s()).attributes())
                .map(key -> Transactions.delete(credentials.name(), key)).ifPresent(writes::add);
        sessionId.map(sessions::whileThere).ifPresent(writes::add);
        return Transactions.write(dynamoDb, writes);
    }

    private TransactWriteItem owner(String userId, OpaqueToken token) {
        return Transactions.put(credentials.name(), TokenOwner.SCHEMA.write(TokenOwner.of(token.sha256(), userId)),
                Condition.isNew(CredentialsTable.LOOKUP));
    }

    private TransactWriteItem profile(String userId, Named old, Fresh fresh, Collection<String> tickets) {
        var names = Map.of("#token", TOKEN.name(), "#hash", TOKEN_HASH.name(), "#modified", MODIFIED.name());
        var values = new HashMap<>(Map.of(":token", AttributeValue.fromS(fresh.encrypted), ":hash",
                AttributeValue.fromS(fresh.token.sha256()), ":now", AttributeValue.fromS(clock.instant().toString()),
                ":tickets", AttributeValue.fromSs(List.copyOf(tickets))));
        var condition = "attribute_exists(" + UsersTable.ID.name() + ") AND ";
        if (old.hash.isPresent()) {
            condition += "#hash = :old";
            values.put(":old", old.hash.get());
        } else {
            condition += "attribute_not_exists(#hash)";
        }
        var holds = condition;
        return TransactWriteItem.builder()
                .update(write -> write.tableName(users.name()).key(UsersTable.attributes(UsersTable.profile(userId)))
                        .updateExpression("SET #token = :token, #hash = :hash, #modified = :now DELETE %s :tickets"
                                .formatted(TOKEN_QUEUE.name()))
                        .conditionExpression(holds).expressionAttributeNames(names).expressionAttributeValues(values))
                .build();
    }
}
