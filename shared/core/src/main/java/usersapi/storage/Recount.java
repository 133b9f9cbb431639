package usersapi.storage;

import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.operator.Segment;
import usersapi.storage.RecountPosition.Source;
import usersapi.table.Attribute;
import usersapi.table.FilesTable;
import usersapi.table.StorageTotalsTable;

/**
 * Settles every file of one user or of all users, to repair the totals after the stream lost records. It goes through the
 * file records, then through the counted items of files without a record. It may run beside live traffic, and stop and
 * continue later.
 */
public final class Recount {

    private static final int PAGE = 200;
    private static final String USER = Attribute.EXTERNAL_ID.name();

    private final DynamoDbClient dynamoDb;
    private final FilesTable files;
    private final StorageTotalsTable totals;
    private final FileSettlement settlement;

    /**
     * The progress of a recount.
     *
     * @param files how many files were settled
     * @param changed how many of them were not counted correctly before
     * @param unsettled how many could not be settled
     * @param next where to continue; empty at the end
     */
    public record Progress(long files, long changed, long unsettled, Optional<RecountPosition> next) {}

    @Inject
    Recount(DynamoDbClient dynamoDb, FilesTable files, StorageTotalsTable totals, FileSettlement settlement) {
        this.dynamoDb = dynamoDb;
        this.files = files;
        this.totals = totals;
        this.settlement = settlement;
    }

    /**
     * Recounts until the end or until time runs out, but at least one file.
     *
     * @param userId the user; empty for all users, which reads both tables completely
     * @param segment the part of all users; empty for all parts
     * @param from where an earlier recount of the same users stopped
     * @param unsettled gets each file that could not be settled; the recount continues
     */
    public Progress run(Optional<String> userId, Optional<Segment> segment, Optional<RecountPosition> from,
            BooleanSupplier timeIsLeft, BiConsumer<FileKey, Settlement> unsettled) {
        long settled = 0;
        long changed = 0;
        long failed = 0;
        var next = Optional.of(from.orElse(RecountPosition.startOf(Source.FILES)));
        do {
            var page = page(userId, segment, next.get());
            next = page.next;
            for (var item : page.items) {
                var file = fileToSettle(item);
                if (file.isPresent()) {
                    settled++;
                    switch (settlement.settle(file.get())) {
                        case Settlement.Settled(var didChange) -> changed += didChange ? 1 : 0;
                        case Settlement other -> {
                            failed++;
                            unsettled.accept(file.get(), other);
                        }
                    }
                }
                if (!timeIsLeft.getAsBoolean()) {
                    return new Progress(settled, changed, failed, Optional.of(item));
                }
            }
        } while (next.isPresent() && timeIsLeft.getAsBoolean());
        return new Progress(settled, changed, failed, next);
    }

    /** The file of the item; empty for a counted item whose file has a record, which was settled before. */
    private Optional<FileKey> fileToSettle(RecountPosition item) {
        return switch (item.table()) {
            case FILES -> Optional.of(new FileKey(item.userId(), item.sortKey()));
            case STORAGE_TOTALS -> StorageTotalsTable.fileId(item.sortKey())
                    .map(fileId -> new FileKey(item.userId(), fileId)).filter(file -> !hasRecord(file));
        };
    }

    private boolean hasRecord(FileKey file) {
        return dynamoDb.getItem(get -> get.tableName(files.name()).key(FilesTable.key(file.userId(), file.fileId()))
                .consistentRead(true).projectionExpression(FilesTable.FILE_ID.name())).hasItem();
    }

    /**
     * Items of one of the tables.
     *
     * @param next where the next page begins; empty after the last page
     */
    private record Page(List<RecountPosition> items, Optional<RecountPosition> next) {}

    private Page page(Optional<String> userId, Optional<Segment> segment, RecountPosition from) {
        return switch (from.table()) {
            case FILES -> page(userId, segment, from, files.name(), FilesTable.FILE_ID.name(),
                    Optional.of(RecountPosition.startOf(Source.STORAGE_TOTALS)));
            case STORAGE_TOTALS -> page(userId, segment, from, totals.name(), StorageTotalsTable.ENTRY.name(),
                    Optional.empty());
        };
    }

    private Page page(Optional<String> userId, Optional<Segment> segment, RecountPosition from, String table,
            String sortKey, Optional<RecountPosition> afterTheLast) {
        var projection = USER + ", " + sortKey;
        var start = from.isStart()
                ? null
                : Map.of(USER, AttributeValue.fromS(from.userId()), sortKey, AttributeValue.fromS(from.sortKey()));
        List<Map<String, AttributeValue>> items;
        Map<String, AttributeValue> last;
        if (userId.isPresent()) {
            var page = dynamoDb.query(query -> query.tableName(table).consistentRead(true).limit(PAGE)
                    .keyConditionExpression(USER + " = :user")
                    .expressionAttributeValues(Map.of(":user", AttributeValue.fromS(userId.get())))
                    .projectionExpression(projection).exclusiveStartKey(start));
            items = page.items();
            last = page.lastEvaluatedKey();
        } else {
            var page = dynamoDb.scan(scan -> {
                segment.ifPresent(part -> part.limit(scan));
                scan.tableName(table).consistentRead(true).limit(PAGE).projectionExpression(projection)
                        .exclusiveStartKey(start);
            });
            items = page.items();
            last = page.lastEvaluatedKey();
        }
        return new Page(items.stream().map(item -> position(from.table(), item, sortKey)).toList(),
                last.isEmpty() ? afterTheLast : Optional.of(position(from.table(), last, sortKey)));
    }

    private static RecountPosition position(Source table, Map<String, AttributeValue> key, String sortKey) {
        return new RecountPosition(table, key.get(USER).s(), key.get(sortKey).s());
    }
}
