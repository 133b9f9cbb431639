package usersapi.session;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

/**
 * The sessions, each found by the SHA-256 of its id. A session has an item, and an entry in the list of its user's sessions,
 * by which {@link SessionRevocation} finds all of them. The session is open while its item exists; the entry does not matter
 * for that.
 */
public final class SessionRepository {

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final SessionIdleLimit idleLimit;
    private final Clock clock;

    @Inject
    SessionRepository(DynamoDbClient dynamoDb, CredentialsTable credentials, SessionIdleLimit idleLimit,
            Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.idleLimit = idleLimit;
        this.clock = clock;
    }

    /**
     * The session of that id. Expiry is checked here: DynamoDB deletes expired items only within a few days (Developer
     * Guide, «Using time to live»). The read is consistent, so that a closed session is refused at once.
     */
    public Optional<Session> find(OpaqueToken id) {
        return SessionItem.SCHEMA.find(dynamoDb, table, CredentialsTable.session(id.sha256()).attributes())
                .filter(this::isOpen)
                .map(item -> new Session(id.sha256(), item.userId(), item.lastSeen(), idleLimit.end(item),
                        item.csrfHash()));
    }

    private boolean isOpen(SessionItem session) {
        return idleLimit.end(session) > clock.instant().getEpochSecond();
    }
}
