package usersapi.token;

import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.operator.Segment;
import usersapi.table.UsersTable;

/**
 * Encrypts the access tokens at rest with the current key, so that older keys can be removed from the key ring. The tokens
 * themselves do not change. It may run beside live traffic, and stop and continue later.
 *
 * <p>Other functions may encrypt with the previous key for up to five minutes after a rotation; tokens from these minutes
 * may need another run.
 */
public final class Reencryption {

    private static final int PAGE = 500;
    private static final String ID = UsersTable.ID.name();
    private static final Map<String, String> NAMES = Map.of("#token", UsersTable.TOKEN.name()); // a reserved word
    private static final String HASH = UsersTable.TOKEN_HASH.name();
    private static final String PROJECTION = ID + ", #token, " + HASH;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final TokenCipher cipher;

    /**
     * The progress of a run.
     *
     * @param reencrypted how many tokens this run encrypted with the current key
     * @param current how many had the current key before
     * @param undecryptable how many no key decrypts; they stay as they were
     * @param next id of the item after which to continue; empty at the end
     */
    public record Progress(long reencrypted, long current, long undecryptable, Optional<String> next) {}

    private enum Outcome {
        REENCRYPTED, CURRENT, GONE
    }

    private record Page(List<Map<String, AttributeValue>> profiles, Optional<String> last) {}

    @Inject
    Reencryption(DynamoDbClient dynamoDb, UsersTable users, TokenCipher cipher) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
        this.cipher = cipher;
    }

    /**
     * Runs until the end or until time runs out, but at least one page.
     *
     * @param userId the user; empty for all users, which reads the whole table
     * @param segment the part of all users; empty for all parts
     * @param from where an earlier run of the same users stopped
     * @param undecryptable gets each user whose token does not decrypt; the run continues
     */
    public Progress run(Optional<String> userId, Optional<Segment> segment, Optional<String> from,
            BooleanSupplier timeIsLeft, BiConsumer<String, UndecryptableTokenException> undecryptable) {
        cipher.refreshKeys();
        long reencrypted = 0;
        long current = 0;
        long failed = 0;
        var next = from;
        do {
            var page = page(userId, segment, next);
            for (var profile : page.profiles) {
                var owner = profile.get(ID).s().substring(UsersTable.PROFILE_PREFIX.length());
                try {
                    switch (reencrypt(owner, profile)) {
                        case REENCRYPTED -> reencrypted++;
                        case CURRENT -> current++;
                        case GONE -> {
                        }
                    }
                } catch (UndecryptableTokenException e) {
                    failed++;
                    undecryptable.accept(owner, e);
                }
            }
            next = page.last;
        } while (next.isPresent() && timeIsLeft.getAsBoolean());
        return new Progress(reencrypted, current, failed, next);
    }

    /** If the token was replaced meanwhile, the profile is read again. */
    private Outcome reencrypt(String userId, Map<String, AttributeValue> profile) {
        for (var item = profile; item.containsKey(UsersTable.TOKEN.name()); item = read(userId)) {
            var encrypted = Objects.requireNonNullElse(item.get(UsersTable.TOKEN.name()).s(), "");
            var hash = item.containsKey(HASH) ? item.get(HASH).s() : "";
            if (cipher.isCurrent(encrypted)) {
                return Outcome.CURRENT;
            }
            var again = cipher.encrypt(userId, cipher.decrypt(userId, hash, encrypted));
            if (replace(userId, encrypted, again)) {
                return Outcome.REENCRYPTED;
            }
        }
        return Outcome.GONE;
    }

    /** Returns false if the token was replaced meanwhile. */
    private boolean replace(String userId, String encrypted, String again) {
        try {
            dynamoDb.updateItem(update -> update.tableName(table).key(key(userId))
                    .updateExpression("SET #token = :again").conditionExpression("#token = :read")
                    .expressionAttributeNames(NAMES).expressionAttributeValues(Map.of(":again",
                            AttributeValue.fromS(again), ":read", AttributeValue.fromS(encrypted))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private Page page(Optional<String> userId, Optional<Segment> segment, Optional<String> from) {
        if (userId.isPresent()) {
            var profile = read(userId.get());
            return new Page(profile.isEmpty() ? List.of() : List.of(profile), Optional.empty());
        }
        var page = dynamoDb.scan(scan -> {
            segment.ifPresent(part -> part.limit(scan));
            scan.tableName(table).consistentRead(true).limit(PAGE)
                    .filterExpression("begins_with(" + ID + ", :profiles)")
                    .expressionAttributeValues(Map.of(":profiles", AttributeValue.fromS(UsersTable.PROFILE_PREFIX)))
                    .projectionExpression(PROJECTION).expressionAttributeNames(NAMES)
                    .exclusiveStartKey(from.map(UsersTable::attributes).orElse(null));
        });
        return new Page(page.items(), Optional.ofNullable(page.lastEvaluatedKey().get(ID)).map(AttributeValue::s));
    }

    private Map<String, AttributeValue> read(String userId) {
        return dynamoDb.getItem(get -> get.tableName(table).key(key(userId)).consistentRead(true)
                .projectionExpression(PROJECTION).expressionAttributeNames(NAMES)).item();
    }

    private static Map<String, AttributeValue> key(String userId) {
        return UsersTable.attributes(UsersTable.profile(userId));
    }
}
