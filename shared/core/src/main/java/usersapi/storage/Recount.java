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
 * Settles every file of one user, or of all, whether or not the stream told of its changes: what repairs the totals after
 * records were lost. It goes through the file records, then through what is counted of files whose record is gone. It may
 * run beside live traffic, and stop and go on later.
 */
public final class Recount {

    private static final int PAGE = 200;
    private static final String USER = Attribute.EXTERNAL_ID.name();

    private final DynamoDbClient dynamoDb;
    private final FilesTable files;
    private final StorageTotalsTable totals;
    private final FileSettlement settlement;

    /**
     * How far a recount came.
     *
     * @param files how many files were settled
     * @param changed how many of them the totals did not agree with
     * @param unsettled how many could not be settled
     * @param next where to go on; empty if it came to the end
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
     * Recounts until the end or until there is no more time, one file at least.
     *
     * @param userId whose files; empty for everybody's, which reads both tables whole
     * @param segment the part of everybody's; empty for all parts
     * @param from where an earlier recount of the same user, or of all, stopped
     * @param unsettled is told of each file that could not be settled; the recount goes on
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

    /** Of what is counted only files without a record: the others have had their turn. */
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
     * @param next where the next page begins; empty after the last
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
