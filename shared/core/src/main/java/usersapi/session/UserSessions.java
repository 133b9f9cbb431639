package usersapi.session;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import usersapi.credential.Sha256;
import usersapi.table.Attribute;
import usersapi.table.BatchRead;
import usersapi.table.CredentialsTable;

/**
 * A user's sessions, for the user to see and to end. A session's id is the SHA-256 that is its key in the table, and not a
 * credential.
 */
public final class UserSessions {

    private static final String IS_OPEN = Attribute.EXTERNAL_ID.name() + " = :user AND "
            + CredentialsTable.EXPIRES.name() + " > :now AND " + CredentialsTable.LAST_SEEN.name() + " > :idle";

    private static final Comparator<ListedSession> NEWEST_FIRST = Comparator.comparing(ListedSession::created)
            .reversed().thenComparing(ListedSession::id);

    private final DynamoDbClient client;
    private final String table;
    private final SessionIdleLimit idleLimit;
    private final Clock clock;

    @Inject
    UserSessions(DynamoDbClient client, CredentialsTable credentials, SessionIdleLimit idleLimit, Clock clock) {
        this.client = client;
        this.table = credentials.name();
        this.idleLimit = idleLimit;
        this.clock = clock;
    }

    /** The open sessions of the user, those opened last first. */
    public List<ListedSession> list(String userId) {
        long now = now();
        var byId = SessionEntries.of(client, table, userId).stream().filter(entry -> entry.expires() > now)
                .collect(Collectors.toMap(entry -> entry.key().sha256(), Function.identity(), (one, same) -> one));
        return BatchRead.read(client, table, byId.keySet().stream().map(UserSessions::key).toList()).stream()
                .map(SessionItem.SCHEMA::read).filter(session -> idleLimit.end(session) > now)
                .map(session -> new ListedSession(session.key().sha256(), byId.get(session.key().sha256()).created(),
                        session.lastSeen(), idleLimit.end(session)))
                .sorted(NEWEST_FIRST).toList();
    }

    /**
     * Ends a session of the user at once. After a lost answer the second attempt to delete the session finds nothing, but
     * its entry still shows that the session was the user's.
     *
     * @return false if the user has no open session of this id
     */
    public boolean end(String userId, String id) {
        if (!Sha256.isHex(id)) {
            return false;
        }
        boolean wasThere = true;
        try {
            client.deleteItem(delete -> delete.tableName(table).key(key(id))
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                    .conditionExpression(IS_OPEN)
                    .expressionAttributeValues(Map.of(":user", AttributeValue.fromS(userId), ":now",
                            AttributeValue.fromN(Long.toString(now())), ":idle",
                            AttributeValue.fromN(Long.toString(idleLimit.lastSeenOfEnded(now()))))));
        } catch (ConditionalCheckFailedException e) {
            if (e.hasItem()) {
                return false;
            }
            wasThere = false;
        }
        // If this fails, the entry that stays is harmless: it names a closed session, and expires with it.
        var entry = CredentialsTable.sessionOf(userId, id).attributes();
        boolean wasListed = client
                .deleteItem(delete -> delete.tableName(table).key(entry).returnValues(ReturnValue.ALL_OLD))
                .hasAttributes();
        return wasThere || wasListed;
    }

    /**
     * Ends every session of the user except the one with this id. A session that is opened meanwhile may stay.
     *
     * @return how many there were
     */
    public int endOthers(String userId, String id) {
        var others = SessionEntries.of(client, table, userId).stream().map(SessionEntry::key)
                .filter(key -> !key.sha256().equals(id)).toList();
        SessionEntries.deleteWithSessions(client, table, others);
        return others.size();
    }

    private static Map<String, AttributeValue> key(String id) {
        return CredentialsTable.session(id).attributes();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
