package usersapi.storage;

import jakarta.inject.Inject;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.item.ItemKey;
import usersapi.storage.StorageTotalsRepository.Settlement;
import usersapi.wiring.Config;

/**
 * Settles every file of one user, or of all, whether or not the stream told of its changes: what repairs the totals after
 * records were lost. It may run beside live traffic, and stop and go on later.
 */
public final class Recount {

    private static final int PAGE = 200;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final StorageTotalsRepository totals;

    /**
     * How far a recount came.
     *
     * @param files how many files were settled
     * @param changed how many of them the totals did not agree with
     * @param unsettled how many could not be settled
     * @param next where to go on; empty if it came to the end
     */
    public record Progress(long files, long changed, long unsettled, Optional<ItemKey> next) {}

    @Inject
    Recount(DynamoDbClient dynamoDb, Config config, StorageTotalsRepository totals) {
        this.dynamoDb = dynamoDb;
        this.table = config.tableName();
        this.totals = totals;
    }

    /**
     * Recounts until the end or until there is no more time, one page at least.
     *
     * @param userId whose files; empty for everybody's, which reads the whole table
     * @param from where an earlier recount of the same user, or of all, stopped
     * @param unsettled is told of each file that could not be settled; the recount goes on
     */
    public Progress run(Optional<String> userId, Optional<ItemKey> from, BooleanSupplier timeIsLeft,
            BiConsumer<FileKey, Settlement> unsettled) {
        long files = 0;
        long changed = 0;
        long failed = 0;
        var next = from;
        do {
            var page = page(userId, next);
            for (var key : page.files) {
                files++;
                switch (totals.settle(key)) {
                    case Settlement.Settled(var didChange) -> changed += didChange ? 1 : 0;
                    case Settlement other -> {
                        failed++;
                        unsettled.accept(key, other);
                    }
                }
            }
            next = page.last;
        } while (next.isPresent() && timeIsLeft.getAsBoolean());
        return new Progress(files, changed, failed, next);
    }

    private record Page(LinkedHashSet<FileKey> files, Optional<ItemKey> last) {}

    /** A page of keys; a file of which something is counted is in it too, though its record may be gone. */
    private Page page(Optional<String> userId, Optional<ItemKey> from) {
        var start = from.map(ItemKey::toAttributes).orElse(null);
        var files = new LinkedHashSet<FileKey>();
        if (userId.isPresent()) {
            var partition = Map.of(":pk", AttributeValue.fromS(ItemKey.profile(userId.get()).pk()));
            var page = dynamoDb.query(query -> query.tableName(table).consistentRead(true).limit(PAGE)
                    .keyConditionExpression("pk = :pk").expressionAttributeValues(partition)
                    .projectionExpression("pk, sk").exclusiveStartKey(start));
            page.items().forEach(item -> key(item).ifPresent(files::add));
            return new Page(files, ItemKey.of(page.lastEvaluatedKey()));
        }
        var page = dynamoDb.scan(scan -> scan.tableName(table).consistentRead(true).limit(PAGE)
                .projectionExpression("pk, sk").exclusiveStartKey(start));
        page.items().forEach(item -> key(item).ifPresent(files::add));
        return new Page(files, ItemKey.of(page.lastEvaluatedKey()));
    }

    private static Optional<FileKey> key(Map<String, AttributeValue> item) {
        return FileKey.of(item.get("pk").s(), item.get("sk").s());
    }
}
