package usersapi.session;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import usersapi.credential.OpaqueToken;
import usersapi.table.Conditions;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/** Opens sessions, for users who are there. */
public final class SessionOpening {

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<ProfileId> profiles;
    private final DynamoDbTable<SessionItem> sessions;
    private final DynamoDbTable<SessionEntry> entries;
    private final Duration lifetime;
    private final int limit;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    SessionOpening(DynamoDbEnhancedClient dynamoDb, UsersTable users, CredentialsTable credentials,
            SessionLifetime lifetime, SessionLimit limit, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.profiles = dynamoDb.table(users.name(), ProfileId.SCHEMA);
        this.sessions = dynamoDb.table(credentials.name(), SessionItem.SCHEMA);
        this.entries = dynamoDb.table(credentials.name(), SessionEntry.SCHEMA);
        this.lifetime = lifetime.duration();
        this.limit = limit.sessions();
        this.random = random;
        this.clock = clock;
    }

    /**
     * Opens a session with an id and a CSRF token of its own; empty if there is no such user. Where the user has more sessions
     * then than may be open, those opened earliest end.
     */
    public Optional<OpenedSession> open(String userId) {
        var retries = Retries.ofInvocation();
        while (true) {
            var now = clock.instant();
            var session = new OpenedSession(OpaqueToken.random(random), OpaqueToken.random(random),
                    now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS), lifetime);
            if (write(userId, session, now)) {
                endEarliest(userId, now);
                return Optional.of(session);
            }
            if (!exists(userId)) {
                return Optional.empty();
            }
            // Another transaction was at the profile: that of another sign-in, say.
            retries.backOff(null);
        }
    }

    private boolean write(String userId, OpenedSession session, Instant now) {
        var sha256 = session.id().sha256();
        long expires = session.expires().getEpochSecond();
        var item = new SessionItem(CredentialsTable.session(sha256), userId, session.csrf().sha256(),
                now.getEpochSecond(), expires);
        var entry = new SessionEntry(CredentialsTable.sessionOf(userId, sha256), now, expires);
        return Transactions.write(dynamoDb, TransactWriteItemsEnhancedRequest.builder()
                .addConditionCheck(profiles,
                        ConditionCheck.builder().key(UsersTable.key(UsersTable.profile(userId)))
                                .conditionExpression(Conditions.exists(UsersTable.ID)).build())
                .addPutItem(sessions, Conditions.putIfNew(CredentialsTable.LOOKUP, SessionItem.class, item))
                .addPutItem(entries, Conditions.putIfNew(CredentialsTable.LOOKUP, SessionEntry.class, entry)).build());
    }

    /**
     * Whoever opens sessions at the same time ends the same ones, for all go by one order; so no more end than must, and none
     * before one that was opened earlier.
     */
    private void endEarliest(String userId, Instant now) {
        var all = QueryConditional.sortBeginsWith(CredentialsTable.sessionOf(userId, "").toKey());
        var open = entries.query(query -> query.queryConditional(all).consistentRead(true)).items().stream()
                .filter(entry -> entry.expires() > now.getEpochSecond())
                .sorted(Comparator.comparing(SessionEntry::created).thenComparing(entry -> entry.key().credential()))
                .toList();
        for (var entry : open.subList(0, Math.max(0, open.size() - limit))) {
            sessions.deleteItem(CredentialsTable.session(entry.key().sha256()).toKey());
            entries.deleteItem(entry.key().toKey());
        }
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
