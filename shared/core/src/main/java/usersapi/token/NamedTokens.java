package usersapi.token;

import static usersapi.table.CredentialsTable.CREDENTIAL;
import static usersapi.table.CredentialsTable.EXPIRES;
import static usersapi.table.CredentialsTable.LOOKUP;
import static usersapi.table.CredentialsTable.TOKEN_HASH;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import usersapi.credential.OpaqueToken;
import usersapi.credential.Sha256;
import usersapi.session.SessionCheck;
import usersapi.table.BatchRead;
import usersapi.table.Condition;
import usersapi.table.CredentialsTable;
import usersapi.table.Retries;
import usersapi.table.Transactions;

/**
 * The named tokens: access tokens that a user has in addition to the default one. The table has only their hashes.
 *
 * <p>A user has {@value #MAX_TOKENS} slots, which list the tokens. Each token has one slot, and a slot has at most one
 * token, so nobody ever has more tokens, also in races. Token and slot are written and deleted in one transaction. The slot
 * of an expired token is free.
 */
public final class NamedTokens {

    /** The maximum number of a user's valid named tokens. */
    public static final int MAX_TOKENS = 20;

    private static final Comparator<NamedToken> NEWEST_FIRST = Comparator.comparing(NamedToken::created).reversed()
            .thenComparing(NamedToken::id);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final SessionCheck session;
    private final SecureRandom random;
    private final Clock clock;

    /** The outcomes of making a token. */
    public sealed interface Made {

        /** The token is made; {@code token} is shown only now. */
        record Created(OpaqueToken token, NamedToken named) implements Made {

            @Override
            public String toString() {
                return "Created[" + named.id() + "]";
            }
        }

        /** The user already has the maximum. */
        record TooMany() implements Made {}

        /** The requesting session has ended. */
        record SessionEnded() implements Made {}
    }

    /** A slot and the hash of the token in it, which may have expired. */
    private record Slot(String name, String sha256, Optional<Long> expires) {

        boolean isTaken(long now) {
            return expires.isEmpty() || expires.get() > now;
        }
    }

    @Inject
    NamedTokens(DynamoDbClient dynamoDb, CredentialsTable credentials, SessionCheck session, SecureRandom random,
            Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.session = session;
        this.random = random;
        this.clock = clock;
    }

    /** The user's valid tokens, the newest first. */
    public List<NamedToken> list(String userId) {
        long now = now();
        var keys = slots(userId).stream().filter(slot -> slot.isTaken(now))
                .map(slot -> CredentialsTable.accessToken(slot.sha256).attributes()).distinct().toList();
        return BatchRead.read(dynamoDb, table, keys).stream().map(AccessTokenItem.SCHEMA::read)
                .filter(item -> item.isValid(now))
                .map(item -> new NamedToken(item.key().sha256(), item.label(), item.created(),
                        Optional.ofNullable(item.lastUsed()), Optional.ofNullable(item.expires()),
                        Boolean.TRUE.equals(item.readOnly())))
                .sorted(NEWEST_FIRST).toList();
    }

    /**
     * Makes a token. The transaction fails if the requesting session has ended ({@link SessionCheck}).
     *
     * @param sessionId the session's id in the list
     */
    public Made make(String userId, String sessionId, NamedTokenRequest request) {
        var retries = Retries.ofInvocation();
        while (true) {
            var created = clock.instant();
            long now = created.getEpochSecond();
            var taken = slots(userId).stream().filter(slot -> slot.isTaken(now)).map(Slot::name).toList();
            var free = IntStream.range(0, MAX_TOKENS).mapToObj(NamedTokens::slot)
                    .filter(slot -> !taken.contains(slot)).toList();
            if (free.isEmpty()) {
                return new Made.TooMany();
            }
            // A random one, so that requests at the same time seldom collide.
            var slot = free.get(random.nextInt(free.size()));
            var token = OpaqueToken.random(random);
            var item = new AccessTokenItem(CredentialsTable.accessToken(token.sha256()), userId, request.label(),
                    created, request.lifetime().map(lifetime -> now + lifetime.toSeconds()).orElse(null),
                    request.readOnly(), null, slot);
            // A transaction whose answer was lost may have made it although its repetition failed.
            if (write(item, sessionId, now) || isThere(item)) {
                return new Made.Created(token, new NamedToken(token.sha256(), item.label(), item.created(),
                        Optional.empty(), Optional.ofNullable(item.expires()), request.readOnly()));
            }
            if (!session.isThere(sessionId)) {
                return new Made.SessionEnded();
            }
            retries.backOff(null);
        }
    }

    /** The name of a slot: two digits. */
    private static String slot(int number) {
        return (number < 10 ? "0" : "") + number;
    }

    private boolean isThere(AccessTokenItem item) {
        return dynamoDb.getItem(get -> get.tableName(table).key(item.key().attributes()).consistentRead(true))
                .hasItem();
    }

    /** Returns false if the slot was taken meanwhile, or the session has ended. */
    private boolean write(AccessTokenItem item, String sessionId, long now) {
        var slot = new HashMap<>(CredentialsTable.namedTokenOf(item.userId(), item.slot()).attributes());
        slot.put(TOKEN_HASH.name(), AttributeValue.fromS(item.key().sha256()));
        if (item.expires() != null) {
            slot.put(EXPIRES.name(), AttributeValue.fromN(Long.toString(item.expires())));
        }
        return Transactions.write(dynamoDb, List.of(
                session.whileThere(sessionId),
                Transactions.put(table, AccessTokenItem.SCHEMA.write(item), Condition.isNew(LOOKUP)),
                Transactions.put(table, slot,
                        new Condition("attribute_not_exists(" + LOOKUP.name() + ") OR " + EXPIRES.name() + " <= :now",
                                Map.of(":now", AttributeValue.fromN(Long.toString(now)))))));
    }

    /**
     * Ends a token of the user at once.
     *
     * @return false if the user has no valid named token of this id
     */
    public boolean end(String userId, String id) {
        if (!Sha256.isHex(id)) {
            return false;
        }
        var retries = Retries.ofInvocation();
        while (true) {
            var key = CredentialsTable.accessToken(id).attributes();
            var found = dynamoDb.getItem(get -> get.tableName(table).key(key).consistentRead(true));
            if (!found.hasItem()) {
                return false;
            }
            var item = AccessTokenItem.SCHEMA.read(found.item());
            if (!item.userId().equals(userId) || !item.isNamed() || !item.isValid(now())) {
                return false;
            }
            if (delete(userId, List.of(new Slot(item.slot(), id, Optional.empty())))) {
                return true;
            }
            retries.backOff(null);
        }
    }

    /**
     * Ends every named token of the user at once. A token that an open session makes meanwhile may stay. It looks twice, because
     * a query may show the items of a transaction a little later (DynamoDB Developer Guide, «Isolation levels for DynamoDB
     * transactions»).
     *
     * @return how many were valid
     */
    public int endAll(String userId) {
        return endListed(userId) + endListed(userId);
    }

    private int endListed(String userId) {
        var retries = Retries.ofInvocation();
        while (true) {
            var slots = slots(userId);
            if (slots.isEmpty() || delete(userId, slots)) {
                long now = now();
                return (int) slots.stream().filter(slot -> slot.isTaken(now)).count();
            }
            retries.backOff(null);
        }
    }

    /** Deletes slots with their tokens; returns false if one of the slots now has another token or none. */
    private boolean delete(String userId, List<Slot> slots) {
        var items = new ArrayList<TransactWriteItem>();
        for (var slot : slots) {
            items.add(Transactions.delete(table, CredentialsTable.accessToken(slot.sha256).attributes()));
            items.add(Transactions.delete(table, CredentialsTable.namedTokenOf(userId, slot.name).attributes(),
                    new Condition(TOKEN_HASH.name() + " = :token",
                            Map.of(":token", AttributeValue.fromS(slot.sha256)))));
        }
        return Transactions.write(dynamoDb, items);
    }

    private List<Slot> slots(String userId) {
        var prefix = CredentialsTable.namedTokenOf(userId, "");
        var all = CredentialsTable.startingWith(prefix);
        return dynamoDb.query(query -> query.tableName(table).consistentRead(true)
                .keyConditionExpression(all.expression()).expressionAttributeValues(all.values()))
                .items().stream()
                .map(item -> new Slot(item.get(CREDENTIAL.name()).s().substring(prefix.credential().length()),
                        item.get(TOKEN_HASH.name()).s(),
                        Optional.ofNullable(item.get(EXPIRES.name())).map(expires -> Long.valueOf(expires.n()))))
                .toList();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
