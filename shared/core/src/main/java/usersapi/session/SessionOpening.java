package usersapi.session;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.credential.OpaqueToken;
import usersapi.table.Cancellation;
import usersapi.table.Conditions;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;

/** Opens sessions, for users who are there. */
public final class SessionOpening {

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<ProfileId> profiles;
    private final DynamoDbTable<SessionItem> sessions;
    private final DynamoDbTable<SessionEntry> entries;
    private final Duration lifetime;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    SessionOpening(DynamoDbEnhancedClient dynamoDb, UsersTable users, CredentialsTable credentials,
            SessionLifetime lifetime,
            SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.profiles = dynamoDb.table(users.name(), ProfileId.SCHEMA);
        this.sessions = dynamoDb.table(credentials.name(), SessionItem.SCHEMA);
        this.entries = dynamoDb.table(credentials.name(), SessionEntry.SCHEMA);
        this.lifetime = lifetime.duration();
        this.random = random;
        this.clock = clock;
    }

    /** Opens a session with an id and a CSRF token of its own; empty if there is no such user. */
    public Optional<OpenedSession> open(String userId) {
        var id = OpaqueToken.random(random);
        var csrf = OpaqueToken.random(random);
        var expires = clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
        var item = new SessionItem(CredentialsTable.session(id.sha256()), userId, csrf.sha256(),
                expires.getEpochSecond());
        var entry = new SessionEntry(CredentialsTable.sessionOf(userId, id.sha256()), expires.getEpochSecond());
        try {
            dynamoDb.transactWriteItems(TransactWriteItemsEnhancedRequest.builder()
                    .addConditionCheck(profiles,
                            ConditionCheck.builder().key(UsersTable.key(UsersTable.profile(userId)))
                                    .conditionExpression(Conditions.exists(UsersTable.ID)).build())
                    .addPutItem(sessions, Conditions.putIfNew(CredentialsTable.LOOKUP, SessionItem.class, item))
                    .addPutItem(entries, Conditions.putIfNew(CredentialsTable.LOOKUP, SessionEntry.class, entry))
                    .build());
            return Optional.of(new OpenedSession(id, csrf, expires, lifetime));
        } catch (TransactionCanceledException e) {
            if (Cancellation.isCondition(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** All that opening a session needs of a user. */
    private record ProfileId(String id) {

        static final TableSchema<ProfileId> SCHEMA = RecordSchema
                .of(ProfileId.class, item -> new ProfileId(item.get(UsersTable.ID)))
                .partitionKey(UsersTable.ID, ProfileId::id).build();
    }
}
