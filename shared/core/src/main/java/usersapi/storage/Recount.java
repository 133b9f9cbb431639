package usersapi.storage;

import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.item.ItemKey;
import usersapi.item.UsersTable;
import usersapi.storage.StorageTotalsRepository.Settlement;

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
    Recount(DynamoDbClient dynamoDb, UsersTable table, StorageTotalsRepository totals) {
        this.dynamoDb = dynamoDb;
        this.table = table.name();
        this.totals = totals;
    }

    /**
     * Recounts until the end or until there is no more time, one file at least.
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
            var settled = new HashSet<FileKey>();
            next = page.last;
            for (var item : page.items) {
                // A file of which something is counted has an item too, though its record may be gone.
                var file = FileKey.of(item.pk(), item.sk()).filter(settled::add);
                if (file.isEmpty()) {
                    continue;
                }
                files++;
                switch (totals.settle(file.get())) {
                    case Settlement.Settled(var didChange) -> changed += didChange ? 1 : 0;
                    case Settlement other -> {
                        failed++;
                        unsettled.accept(file.get(), other);
                    }
                }
                if (!timeIsLeft.getAsBoolean()) {
                    return new Progress(files, changed, failed, Optional.of(item));
                }
            }
        } while (next.isPresent() && timeIsLeft.getAsBoolean());
        return new Progress(files, changed, failed, next);
    }

    private record Page(List<ItemKey> items, Optional<ItemKey> last) {}

    private Page page(Optional<String> userId, Optional<ItemKey> from) {
        var start = from.map(ItemKey::toAttributes).orElse(null);
        if (userId.isPresent()) {
            var partition = Map.of(":pk", AttributeValue.fromS(ItemKey.profile(userId.get()).pk()));
            var page = dynamoDb.query(query -> query.tableName(table).consistentRead(true).limit(PAGE)
                    .keyConditionExpression("pk = :pk").expressionAttributeValues(partition)
                    .projectionExpression("pk, sk").exclusiveStartKey(start));
            return new Page(keys(page.items()), ItemKey.of(page.lastEvaluatedKey()));
        }
        var page = dynamoDb.scan(scan -> scan.tableName(table).consistentRead(true).limit(PAGE)
                .projectionExpression("pk, sk").exclusiveStartKey(start));
        return new Page(keys(page.items()), ItemKey.of(page.lastEvaluatedKey()));
    }

    private static List<ItemKey> keys(List<Map<String, AttributeValue>> items) {
        return items.stream().flatMap(item -> ItemKey.of(item).stream()).toList();
    }
}
