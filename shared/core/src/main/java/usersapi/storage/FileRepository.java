package usersapi.storage;

import static usersapi.table.FilesTable.FILE_ID;
import static usersapi.table.FilesTable.SIZE;
import static usersapi.table.FilesTable.STATUS;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.table.Attribute;
import usersapi.table.FilesTable;

/**
 * The file service's records. That service writes them, and the totals follow by the table's stream.
 *
 * <p>It uses the SDK's enhanced client. The repositories of the functions that users wait for have a
 * {@link usersapi.table.RecordSchema} instead, because that client costs a tenth of a cold start.
 */
public final class FileRepository {

    private final DynamoDbTable<FileItem> files;

    /** Makes a repository. A file service in Java may use this class too. */
    @Inject
    public FileRepository(DynamoDbClient dynamoDb, FilesTable table) {
        files = DynamoDbEnhancedClient.builder().dynamoDbClient(dynamoDb).build().table(table.name(), FileItem.SCHEMA);
    }

    /** Writes a file's record, or replaces it. */
    public void put(FileKey file, FileRecord record) {
        var item = new FileItem();
        item.userId = file.userId();
        item.fileId = file.fileId();
        item.status = record.status().name();
        item.size = record.size().orElse(null);
        files.putItem(item);
    }

    /** Removes a file's record; a missing one is no error. */
    public void delete(FileKey file) {
        files.deleteItem(Key.builder().partitionValue(file.userId()).sortValue(file.fileId()).build());
    }

    /**
     * The user's files that have a record, valid or not.
     *
     * @param count the number of files
     * @param firstIds the ids of the first of them
     * @param next the id of the file after which to continue; empty at the end
     */
    public record Found(long count, List<String> firstIds, Optional<String> next) {}

    /**
     * Finds the user's files, until the last one or until time runs out, but at least one page. It reads each record.
     *
     * @param from where an earlier call stopped
     */
    public Found find(String userId, Optional<String> from, int maxIds, BooleanSupplier timeIsLeft) {
        var ids = new ArrayList<String>();
        long count = 0;
        var start = from.map(fileId -> FilesTable.key(userId, fileId)).orElse(null);
        for (var page : files.query(query -> query.queryConditional(all(userId)).consistentRead(true)
                .attributesToProject(FILE_ID.name()).exclusiveStartKey(start))) {
            count += page.items().size();
            page.items().stream().limit(maxIds - ids.size()).forEach(file -> ids.add(file.fileId));
            if (page.lastEvaluatedKey() != null && !timeIsLeft.getAsBoolean()) {
                return new Found(count, List.copyOf(ids), Optional.of(FILE_ID.of(page.lastEvaluatedKey())));
            }
        }
        return new Found(count, List.copyOf(ids), Optional.empty());
    }

    /** Whether the user has any file record. */
    public boolean hasAny(String userId) {
        return files.query(query -> query.queryConditional(all(userId)).consistentRead(true).limit(1)
                .attributesToProject(FILE_ID.name())).stream().anyMatch(page -> !page.items().isEmpty());
    }

    private static QueryConditional all(String userId) {
        return QueryConditional.keyEqualTo(Key.builder().partitionValue(userId).build());
    }

    private static final class FileItem {

        static final TableSchema<FileItem> SCHEMA = TableSchema.builder(FileItem.class).newItemSupplier(FileItem::new)
                .addAttribute(String.class,
                        id -> id.name(Attribute.EXTERNAL_ID.name()).getter(item -> item.userId)
                                .setter((item, value) -> item.userId = value)
                                .tags(StaticAttributeTags.primaryPartitionKey()))
                .addAttribute(String.class,
                        id -> id.name(FILE_ID.name()).getter(item -> item.fileId)
                                .setter((item, value) -> item.fileId = value)
                                .tags(StaticAttributeTags.primarySortKey()))
                .addAttribute(String.class,
                        status -> status.name(STATUS.name()).getter(item -> item.status)
                                .setter((item, value) -> item.status = value))
                .addAttribute(Long.class,
                        size -> size.name(SIZE.name()).getter(item -> item.size)
                                .setter((item, value) -> item.size = value))
                .build();

        private String userId;
        private String fileId;
        private String status;
        private Long size;
    }
}
