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
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import usersapi.table.Attribute;
import usersapi.table.FilesTable;
import usersapi.table.RecordSchema;

/** The file service's records. That service writes them, and the totals follow by the table's stream. */
public final class FileRepository {

    private final DynamoDbTable<FileItem> files;

    /** Makes a repository. A file service in Java may use this class too. */
    @Inject
    public FileRepository(DynamoDbEnhancedClient dynamoDb, FilesTable table) {
        this.files = dynamoDb.table(table.name(), FileItem.SCHEMA.enhanced());
    }

    /** Writes a file's record, or replaces it. */
    public void put(FileKey file, FileRecord record) {
        files.putItem(
                new FileItem(file.userId(), file.fileId(), record.status().name(), record.size().orElse(null)));
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
        var all = QueryConditional.keyEqualTo(Key.builder().partitionValue(userId).build());
        var start = from.map(fileId -> FilesTable.key(userId, fileId)).orElse(null);
        var ids = new ArrayList<String>();
        long count = 0;
        for (var page : files.query(query -> query.queryConditional(all).consistentRead(true)
                .attributesToProject(FILE_ID.name()).exclusiveStartKey(start))) {
            for (var file : page.items()) {
                count++;
                if (ids.size() < maxIds) {
                    ids.add(file.fileId);
                }
            }
            if (page.lastEvaluatedKey() != null && !timeIsLeft.getAsBoolean()) {
                return new Found(count, List.copyOf(ids), Optional.of(page.lastEvaluatedKey().get(FILE_ID.name()).s()));
            }
        }
        return new Found(count, List.copyOf(ids), Optional.empty());
    }

    /** Whether the user has any file record. */
    public boolean hasAny(String userId) {
        var all = QueryConditional.keyEqualTo(Key.builder().partitionValue(userId).build());
        return files.query(query -> query.queryConditional(all).consistentRead(true).limit(1)
                .attributesToProject(FILE_ID.name())).stream().anyMatch(page -> !page.items().isEmpty());
    }

    private record FileItem(String userId, String fileId, String status, Long size) {

        static final RecordSchema<FileItem> SCHEMA = RecordSchema
                .of(FileItem.class,
                        item -> new FileItem(item.get(Attribute.EXTERNAL_ID), item.get(FILE_ID), item.get(STATUS),
                                item.get(SIZE)))
                .partitionKey(Attribute.EXTERNAL_ID, FileItem::userId).sortKey(FILE_ID, FileItem::fileId)
                .with(STATUS, FileItem::status).with(SIZE, FileItem::size);
    }
}
