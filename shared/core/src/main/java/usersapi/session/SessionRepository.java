package usersapi.session;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

/**
 * The sessions, each found by the SHA-256 of its id. A session has an item, and an entry in the list of its user's sessions,
 * by which {@link SessionRevocation} finds all of them. The session is open while its item exists; the entry does not matter
 * for that.
 */
public final class SessionRepository {

    private final DynamoDbTable<SessionItem> sessions;
    private final SessionIdleLimit idleLimit;
    private final Clock clock;

    @Inject
    SessionRepository(DynamoDbEnhancedClient dynamoDb, CredentialsTable credentials, SessionIdleLimit idleLimit,
            Clock clock) {
        this.sessions = dynamoDb.table(credentials.name(), SessionItem.SCHEMA);
        this.idleLimit = idleLimit;
        this.clock = clock;
    }

    /**
     * The session of that id. Expiry is checked here: DynamoDB deletes expired items only within a few days (Developer
     * Guide, «Using time to live»). The read is consistent, so that a closed session is refused at once.
     */
    public Optional<Session> find(OpaqueToken id) {
        var key = CredentialsTable.session(id.sha256()).toKey();
        return Optional.ofNullable(sessions.getItem(get -> get.key(key).consistentRead(true)))
                .filter(this::isOpen)
                .map(item -> new Session(id.sha256(), item.userId(), item.lastSeen(), idleLimit.end(item),
                        item.csrfHash()));
    }

    private boolean isOpen(SessionItem session) {
        return idleLimit.end(session) > clock.instant().getEpochSecond();
    }
}
