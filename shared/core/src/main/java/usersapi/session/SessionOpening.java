package usersapi.session;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.PutItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.credential.OpaqueToken;
import usersapi.table.BatchDeletion;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;

/**
 * Opens sessions, for users who are there. It writes items of the new session alone and only reads the profile, so that no
 * sign-in is in another's way; a transaction with a check of the profile would put all sign-ins of a user on one item.
 */
public final class SessionOpening {

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final DynamoDbTable<ProfileId> profiles;
    private final DynamoDbTable<SessionItem> sessions;
    private final DynamoDbTable<SessionEntry> entries;
    private final Duration lifetime;
    private final int limit;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    SessionOpening(DynamoDbClient dynamoDb, DynamoDbEnhancedClient enhanced, UsersTable users,
            CredentialsTable credentials, SessionLifetime lifetime, SessionLimit limit, SecureRandom random,
            Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.profiles = enhanced.table(users.name(), ProfileId.SCHEMA);
        this.sessions = enhanced.table(credentials.name(), SessionItem.SCHEMA);
        this.entries = enhanced.table(credentials.name(), SessionEntry.SCHEMA);
        this.lifetime = lifetime.duration();
        this.limit = limit.sessions();
        this.random = random;
        this.clock = clock;
    }

    /**
     * Opens a session with an id and a CSRF token of its own; empty if there is no such user. Where the user has more sessions
     * then than may be open, those opened earliest end.
     *
     * <p>The user is looked for again after the session was written. Who is still there then is deleted later, if at all, and
     * the deletion finds the session in the list; of who is gone the session is closed here, before anybody has its id.
     */
    public Optional<OpenedSession> open(String userId) {
        if (!exists(userId)) {
            return Optional.empty();
        }
        var now = clock.instant();
        var session = write(userId, now);
        if (!exists(userId)) {
            end(List.of(CredentialsTable.sessionOf(userId, session.id().sha256())));
            return Optional.empty();
        }
        endEarliest(userId, now);
        return Optional.of(session);
    }

    /** Writes the entry first: whatever happens between, a session that is there is listed. */
    private OpenedSession write(String userId, Instant now) {
        while (true) {
            var session = new OpenedSession(OpaqueToken.random(random), OpaqueToken.random(random),
                    now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS), lifetime);
            var sha256 = session.id().sha256();
            long expires = session.expires().getEpochSecond();
            var entry = new SessionEntry(CredentialsTable.sessionOf(userId, sha256), now, expires);
            entries.putItem(entry);
            try {
                sessions.putItem(putIfNew(new SessionItem(CredentialsTable.session(sha256), userId,
                        session.csrf().sha256(), now.getEpochSecond(), expires)));
                return session;
            } catch (ConditionalCheckFailedException taken) {
                BatchDeletion.delete(dynamoDb, table, List.of(entry.key().attributes()));
            }
        }
    }

    /** Never takes over an id that exists; the same item, sent again because the answer was lost, is no other. */
    private static PutItemEnhancedRequest<SessionItem> putIfNew(SessionItem item) {
        return PutItemEnhancedRequest.builder(SessionItem.class).item(item)
                .conditionExpression(Expression.builder()
                        .expression("attribute_not_exists(%s) OR %s = :csrf"
                                .formatted(CredentialsTable.LOOKUP.name(), CredentialsTable.CSRF_HASH.name()))
                        .putExpressionValue(":csrf", AttributeValue.fromS(item.csrfHash())).build())
                .build();
    }

    /**
     * Whoever opens sessions at the same time ends the same ones, for all go by one order; so no more end than must, and none
     * before one that was opened earlier.
     */
    private void endEarliest(String userId, Instant now) {
        var open = SessionEntries.of(entries, userId).stream()
                .filter(entry -> entry.expires() > now.getEpochSecond())
                .sorted(Comparator.comparing(SessionEntry::created).thenComparing(entry -> entry.key().credential()))
                .toList();
        end(open.subList(0, Math.max(0, open.size() - limit)).stream().map(SessionEntry::key).toList());
    }

    /** The sessions go before their entries. */
    private void end(List<ItemKey> entryKeys) {
        BatchDeletion.delete(dynamoDb, table, entryKeys.stream()
                .map(entry -> CredentialsTable.session(entry.sha256()).attributes()).toList());
        BatchDeletion.delete(dynamoDb, table, entryKeys.stream().map(ItemKey::attributes).toList());
    }

    private boolean exists(String userId) {
        var key = UsersTable.key(UsersTable.profile(userId));
        return profiles.getItem(get -> get.key(key).consistentRead(true)) != null;
    }

    /** All that opening a session needs of a user. */
    private record ProfileId(String id) {

        static final TableSchema<ProfileId> SCHEMA = RecordSchema
                .of(ProfileId.class, item -> new ProfileId(item.get(UsersTable.ID)))
                .partitionKey(UsersTable.ID, ProfileId::id).build();
    }
}
