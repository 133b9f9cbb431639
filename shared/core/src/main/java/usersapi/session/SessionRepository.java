package usersapi.session;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.credential.OpaqueToken;
import usersapi.item.Cancellation;
import usersapi.item.Conditions;
import usersapi.item.ItemKey;
import usersapi.item.Marker;
import usersapi.item.UsersTable;

/**
 * The sessions, each found by the SHA-256 of its id: an item of its own, and an entry that lists it among its user's, by
 * which all of them can be closed. A session is open while its own item is there; the entry decides nothing.
 */
public final class SessionRepository {

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<SessionItem> sessions;
    private final DynamoDbTable<Marker> entries;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    SessionRepository(DynamoDbEnhancedClient dynamoDb, UsersTable table, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.sessions = dynamoDb.table(table.name(), SessionItem.SCHEMA);
        this.entries = dynamoDb.table(table.name(), Marker.SCHEMA);
        this.random = random;
        this.clock = clock;
    }

    /** Opens a session with an id and a CSRF token of its own; empty if there is no such user. */
    public Optional<OpenedSession> open(String userId, SessionLifetime lifetime) {
        var id = OpaqueToken.random(random);
        var csrf = OpaqueToken.random(random);
        var expires = clock.instant().plus(lifetime.duration()).truncatedTo(ChronoUnit.SECONDS);
        var item = new SessionItem(ItemKey.session(id), userId, csrf.sha256(), expires.getEpochSecond());
        var entry = new Marker(ItemKey.sessionOf(userId, id.sha256()), expires.getEpochSecond());
        try {
            dynamoDb.transactWriteItems(TransactWriteItemsEnhancedRequest.builder()
                    .addConditionCheck(sessions,
                            ConditionCheck.builder().key(ItemKey.profile(userId).toKey())
                                    .conditionExpression(Conditions.EXISTS).build())
                    .addPutItem(sessions, Conditions.putIfNew(SessionItem.class, item))
                    .addPutItem(entries, Conditions.putIfNew(Marker.class, entry)).build());
            return Optional.of(new OpenedSession(id, csrf, expires, lifetime.duration()));
        } catch (TransactionCanceledException e) {
            if (Cancellation.isCondition(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * The session of that id. Expiry is checked here: DynamoDB deletes expired items only within a few days (Developer
     * Guide, «Using time to live»). Read consistently, so that a closed session is closed.
     */
    public Optional<Session> find(OpaqueToken id) {
        var key = ItemKey.session(id).toKey();
        return Optional.ofNullable(sessions.getItem(get -> get.key(key).consistentRead(true)))
                .filter(this::isOpen)
                .map(item -> new Session(item.userId, item.csrfHash));
    }

    /** Ends a session at once; one that is not there is no error. */
    public void close(OpaqueToken id) {
        var closed = sessions.deleteItem(ItemKey.session(id).toKey());
        if (closed != null) {
            // An entry left behind, should this fail, is harmless: it names a session that is closed, and expires with it.
            entries.deleteItem(ItemKey.sessionOf(closed.userId, id.sha256()).toKey());
        }
    }

    /**
     * Ends every session of the user at once; one that is opened meanwhile may stay. The session goes before its entry, so
     * that whoever is interrupted finds the rest again. Sessions opened by a version of this system that wrote no entries
     * are not found: they last until they expire.
     *
     * @return how many had not yet expired
     */
    public long closeAll(String userId) {
        long closed = 0;
        var all = QueryConditional.sortBeginsWith(ItemKey.sessionOf(userId, "").toKey());
        for (var entry : entries.query(query -> query.queryConditional(all).consistentRead(true)).items()) {
            var session = sessions.deleteItem(ItemKey.session(sha256(entry)).toKey());
            entries.deleteItem(entry.key().toKey());
            closed += session != null && isOpen(session) ? 1 : 0;
        }
        return closed;
    }

    private static String sha256(Marker entry) {
        return entry.key().sk().substring("SESSION#".length());
    }

    private boolean isOpen(SessionItem session) {
        return session.expires > clock.instant().getEpochSecond();
    }

    /**
     * A session's item.
     *
     * @param expires in epoch seconds, as DynamoDB's time to live wants it
     */
    private record SessionItem(ItemKey key, String userId, String csrfHash, Long expires) {

        static final TableSchema<SessionItem> SCHEMA = StaticImmutableTableSchema
                .builder(SessionItem.class, Builder.class).newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, SessionItem::key, (builder, value) -> builder.key = value)
                .addAttribute(String.class, a -> a.name("external_id").getter(SessionItem::userId)
                        .setter((builder, value) -> builder.userId = value))
                .addAttribute(String.class, a -> a.name("csrf_hash").getter(SessionItem::csrfHash)
                        .setter((builder, value) -> builder.csrfHash = value))
                .addAttribute(Long.class, a -> a.name("expires").getter(SessionItem::expires)
                        .setter((builder, value) -> builder.expires = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private String userId;
            private String csrfHash;
            private Long expires;

            SessionItem build() {
                return new SessionItem(key, userId, csrfHash, expires);
            }
        }
    }
}
