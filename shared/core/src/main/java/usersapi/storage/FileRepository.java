package usersapi.storage;

import static usersapi.table.FilesTable.FILE_ID;
import static usersapi.table.FilesTable.SIZE;
import static usersapi.table.FilesTable.STATUS;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import usersapi.table.Attribute;
import usersapi.table.FilesTable;
import usersapi.table.RecordSchema;

/** The file service's records. That service writes them, and the totals follow by the table's stream. */
public final class FileRepository {

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** Makes a repository. A file service in Java may use this class too. */
    @Inject
    public FileRepository(DynamoDbClient dynamoDb, FilesTable files) {
        this.dynamoDb = dynamoDb;
        this.table = files.name();
    }

    /** Writes a file's record, or replaces it. */
    public void put(FileKey file, FileRecord record) {
        var item = new FileItem(file.userId(), file.fileId(), record.status().name(), record.size().orElse(null));
        dynamoDb.putItem(put -> put.tableName(table).item(FileItem.SCHEMA.write(item)));
    }

    /** Removes a file's record; a missing one is no error. */
    public void delete(FileKey file) {
        dynamoDb.deleteItem(delete -> delete.tableName(table).key(FilesTable.key(file.userId(), file.fileId())));
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
        while (true) {
            var page = dynamoDb.query(idsOf(userId).exclusiveStartKey(start).build());
            count += page.count();
            page.items().stream().limit(maxIds - ids.size()).map(FILE_ID::of).forEach(ids::add);
            if (!page.hasLastEvaluatedKey()) {
                return new Found(count, List.copyOf(ids), Optional.empty());
            }
            start = page.lastEvaluatedKey();
            if (!timeIsLeft.getAsBoolean()) {
                return new Found(count, List.copyOf(ids), Optional.of(FILE_ID.of(start)));
            }
        }
    }

    /** Whether the user has any file record. */
    public boolean hasAny(String userId) {
        return dynamoDb.query(idsOf(userId).limit(1).build()).count() > 0;
    }

    private QueryRequest.Builder idsOf(String userId) {
        return QueryRequest.builder().tableName(table).consistentRead(true)
                .keyConditionExpression(Attribute.EXTERNAL_ID.name() + " = :user")
                .expressionAttributeValues(Map.of(":user", AttributeValue.fromS(userId)))
                .projectionExpression(FILE_ID.name());
    }

    private record FileItem(String userId, String fileId, String status, Long size) {

        static final RecordSchema<FileItem> SCHEMA = RecordSchema
                .of(FileItem.class,
                        item -> new FileItem(item.get(Attribute.EXTERNAL_ID), item.get(FILE_ID), item.get(STATUS),
                                item.get(SIZE)))
                .key(Attribute.EXTERNAL_ID, FileItem::userId).key(FILE_ID, FileItem::fileId)
                .with(STATUS, FileItem::status).with(SIZE, FileItem::size);
    }
}
