package usersapi.session;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

/**
 * The sessions, each found by the SHA-256 of its id: an item of its own, and an entry that lists it among its user's, by
 * which {@link SessionRevocation} closes all of them. A session is open while its own item is there; the entry decides
 * nothing.
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
     * Guide, «Using time to live»). Read consistently, so that a closed session is closed.
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
