package usersapi.session;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

/**
 * The sessions, each found by the SHA-256 of its id: an item of its own, and an entry that lists it among its user's, by
 * which all of them can be closed. A session is open while its own item is there; the entry decides nothing.
 */
public final class SessionRepository {

    private final DynamoDbTable<SessionItem> sessions;
    private final DynamoDbTable<SessionEntry> entries;
    private final SessionIdleLimit idleLimit;
    private final Clock clock;

    @Inject
    SessionRepository(DynamoDbEnhancedClient dynamoDb, CredentialsTable credentials, SessionIdleLimit idleLimit,
            Clock clock) {
        this.sessions = dynamoDb.table(credentials.name(), SessionItem.SCHEMA);
        this.entries = dynamoDb.table(credentials.name(), SessionEntry.SCHEMA);
        this.idleLimit = idleLimit;
        this.clock = clock;
    }

    /**
     * The session of that id. Expiry is checked here: DynamoDB deletes expired items only within a few days (Developer
     * Guide, «Using time to live»). Read consistently, so that a closed session is closed.
     */
    public Optional<Session> find(OpaqueToken id) {
        var key = CredentialsTable.session(id.sha256()).toKey();
        return Optional.ofNullable(sessions.getItem(get -> get.key(key).consistentRead(true)))
                .filter(this::isOpen)
                .map(item -> new Session(id.sha256(), item.userId(), item.csrfHash()));
    }

    /**
     * Ends every session of the user at once; one that is opened meanwhile may stay. The session goes before its entry, so
     * that whoever is interrupted finds the rest again.
     *
     * @return how many had not yet expired
     */
    public long closeAll(String userId) {
        long closed = 0;
        var all = QueryConditional.sortBeginsWith(CredentialsTable.sessionOf(userId, "").toKey());
        for (var entry : entries.query(query -> query.queryConditional(all).consistentRead(true)).items()) {
            var session = sessions.deleteItem(CredentialsTable.session(entry.key().sha256()).toKey());
            entries.deleteItem(entry.key().toKey());
            closed += session != null && isOpen(session) ? 1 : 0;
        }
        return closed;
    }

    private boolean isOpen(SessionItem session) {
        return idleLimit.end(session) > clock.instant().getEpochSecond();
    }
}
