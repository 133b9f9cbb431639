package usersapi.session;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.BatchRead;
import usersapi.table.CredentialsTable;
import usersapi.table.CredentialsTable.ItemKey;

/** Ends all sessions of a user, in batches. */
public final class SessionRevocation {

    /** The maximum of one BatchGetItem. */
    private static final int PAGE = 100;
    private static final String LOOKUP = CredentialsTable.LOOKUP.name();
    private static final String CREDENTIAL = CredentialsTable.CREDENTIAL.name();

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final SessionIdleLimit idleLimit;
    private final Clock clock;

    /**
     * The progress of a run.
     *
     * @param closed how many sessions it ended that had not yet expired
     * @param next the entry after which to continue; empty at the end
     */
    public record Progress(long closed, Optional<String> next) {}

    @Inject
    SessionRevocation(DynamoDbClient dynamoDb, CredentialsTable credentials, SessionIdleLimit idleLimit,
            Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.idleLimit = idleLimit;
        this.clock = clock;
    }

    /**
     * Ends the user's sessions, until the last one or until time runs out, but at least one page. A session that is opened
     * meanwhile may stay.
     *
     * @param from where an earlier run stopped; starting at the beginning works too
     */
    public Progress closeAll(String userId, Optional<String> from, BooleanSupplier timeIsLeft) {
        long closed = 0;
        var prefix = CredentialsTable.sessionOf(userId, "");
        var all = CredentialsTable.startingWith(prefix);
        var start = from.map(credential -> new ItemKey(prefix.lookup(), credential).attributes());
        do {
            var startKey = start.orElse(null);
            var page = dynamoDb.query(query -> query.tableName(table).consistentRead(true).limit(PAGE)
                    .keyConditionExpression(all.expression()).expressionAttributeValues(all.values())
                    .projectionExpression(LOOKUP + ", " + CREDENTIAL).exclusiveStartKey(startKey));
            var entries = page.items();
            if (!entries.isEmpty()) {
                closed += close(entries);
            }
            start = Optional.of(page.lastEvaluatedKey()).filter(key -> !key.isEmpty());
        } while (start.isPresent() && timeIsLeft.getAsBoolean());
        return new Progress(closed, start.map(key -> key.get(CREDENTIAL).s()));
    }

    /** Ends the sessions of these entries, and returns how many were open. */
    private long close(List<Map<String, AttributeValue>> entries) {
        var keys = entries.stream().map(entry -> new ItemKey(entry.get(LOOKUP).s(), entry.get(CREDENTIAL).s()))
                .toList();
        var sessions = keys.stream().map(key -> CredentialsTable.session(key.sha256()).attributes()).toList();
        long now = clock.instant().getEpochSecond();
        long open = BatchRead.read(dynamoDb, table, sessions).stream().map(SessionItem.SCHEMA::read)
                .filter(session -> idleLimit.end(session) > now).count();
        SessionEntries.deleteWithSessions(dynamoDb, table, keys);
        return open;
    }
}
