package usersapi.session;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import usersapi.credential.OpaqueToken;
import usersapi.table.BatchRead;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.Condition;
import usersapi.table.CredentialsTable;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/**
 * Opens sessions of existing users. It writes only items of the new session and reads the profile, so that sign-ins do not
 * conflict; a transaction with a check of the profile would make all sign-ins of a user conflict on one item.
 */
public final class SessionOpening {

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final String users;
    private final Duration lifetime;
    private final int limit;
    private final SessionIdleLimit idleLimit;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    SessionOpening(DynamoDbClient dynamoDb, UsersTable users, CredentialsTable credentials, SessionLifetime lifetime,
            SessionLimit limit, SessionIdleLimit idleLimit, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.users = users.name();
        this.lifetime = lifetime.duration();
        this.limit = limit.sessions();
        this.idleLimit = idleLimit;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Opens a session with a new id and a new CSRF token; empty if there is no such user. If the user then has too many
     * sessions, those opened earliest end.
     *
     * <p>The profile is read again after the session was written. If it still exists, a later deletion of the user finds the
     * session in the list. If it does not, the session is closed here, before anybody has its id.
     */
    public Optional<OpenedSession> open(String userId) {
        if (!exists(userId)) {
            return Optional.empty();
        }
        var now = clock.instant();
        var session = write(userId, now);
        if (!exists(userId)) {
            SessionEntries.deleteWithSessions(dynamoDb, table,
                    List.of(CredentialsTable.sessionOf(userId, session.id().sha256())));
            return Optional.empty();
        }
        return Optional.of(session.ending(endEarliest(userId, now)));
    }

    /**
     * Writes the session and its entry in one transaction. With two writes somebody who ends all sessions could delete the
     * entry before the session was there, or an answer that was lost could bring back a session that had ended: nobody could
     * end such a session any more.
     */
    private OpenedSession write(String userId, Instant now) {
        while (true) {
            var session = new OpenedSession(OpaqueToken.random(random), OpaqueToken.random(random),
                    now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS), lifetime, 0);
            var sha256 = session.id().sha256();
            long expires = session.expires().getEpochSecond();
            var item = new SessionItem(CredentialsTable.session(sha256), userId, session.csrf().sha256(),
                    now.getEpochSecond(), expires);
            var entry = new SessionEntry(CredentialsTable.sessionOf(userId, sha256), now, expires);
            if (Transactions.write(dynamoDb,
                    List.of(putIfNew(SessionItem.SCHEMA.write(item)), putIfNew(SessionEntry.SCHEMA.write(entry))))) {
                return session;
            }
        }
    }

    /** Never takes over an existing id. */
    private TransactWriteItem putIfNew(Map<String, AttributeValue> item) {
        return Transactions.put(table, item, Condition.isNew(CredentialsTable.LOOKUP));
    }

    /**
     * Callers who open sessions at the same time end the same sessions, because all use one order. So no more sessions end
     * than must, and none before one that was opened earlier. A session that has ended by the idle limit does not count, and
     * is deleted too.
     *
     * @return how many open sessions it ended
     */
    private int endEarliest(String userId, Instant now) {
        var listed = SessionEntries.of(dynamoDb, table, userId).stream()
                .filter(entry -> entry.expires() > now.getEpochSecond())
                .sorted(Comparator.comparing(SessionEntry::created).thenComparing(entry -> entry.key().credential()))
                .map(SessionEntry::key).toList();
        if (listed.size() <= limit) {
            return 0;
        }
        var idle = idle(listed, now);
        var open = listed.stream().filter(entry -> !idle.contains(entry.sha256())).toList();
        var earliest = open.subList(0, Math.max(0, open.size() - limit));
        SessionEntries.deleteWithSessions(dynamoDb, table, Stream
                .concat(listed.stream().filter(entry -> idle.contains(entry.sha256())), earliest.stream()).toList());
        return earliest.size();
    }

    /** The listed sessions that have ended by the idle limit; an entry does not tell this. */
    private Set<String> idle(List<ItemKey> listed, Instant now) {
        if (idleLimit.duration().isEmpty()) {
            return Set.of();
        }
        return BatchRead.read(dynamoDb, table,
                listed.stream().map(entry -> CredentialsTable.session(entry.sha256()).attributes()).toList()).stream()
                .map(SessionItem.SCHEMA::read)
                .filter(session -> idleLimit.end(session) <= now.getEpochSecond())
                .map(session -> session.key().sha256()).collect(Collectors.toSet());
    }

    private boolean exists(String userId) {
        var key = UsersTable.attributes(UsersTable.profile(userId));
        return dynamoDb.getItem(get -> get.tableName(users).key(key).consistentRead(true)).hasItem();
    }
}
