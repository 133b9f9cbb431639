package usersapi.storage;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import usersapi.item.ItemKey;
import usersapi.item.UsersTable;

/** The file service's records. That service writes them, and the totals follow by the table's stream. */
public final class FileRepository {

    private final DynamoDbTable<FileItem> files;

    /** For this product's functions; a file service in Java may use the class as it is. */
    @Inject
    public FileRepository(DynamoDbEnhancedClient dynamoDb, UsersTable table) {
        this.files = dynamoDb.table(table.name(), FileItem.SCHEMA);
    }

    /** Writes a file's record, or replaces it. */
    public void put(FileKey file, FileRecord record) {
        files.putItem(new FileItem(file.file(), record.status().name(), record.size().orElse(null)));
    }

    /** Removes a file's record; one that is not there is no error. */
    public void delete(FileKey file) {
        files.deleteItem(file.file().toKey());
    }

    /**
     * The user's files that have a record, whatever it says.
     *
     * @param count how many there are
     * @param firstIds the ids of the first of them
     */
    public record Found(long count, List<String> firstIds) {}

    /** What files the user has; reads the record of each. */
    public Found find(String userId, int mostIds) {
        var all = QueryConditional.sortBeginsWith(ItemKey.file(userId, "").toKey());
        var ids = new ArrayList<String>();
        long count = 0;
        for (var file : files.query(query -> query.queryConditional(all).consistentRead(true)
                .attributesToProject("pk", "sk")).items()) {
            count++;
            if (ids.size() < mostIds) {
                ids.add(file.key.sk().substring("FILE#".length()));
            }
        }
        return new Found(count, List.copyOf(ids));
    }

    private record FileItem(ItemKey key, String status, Long size) {

        static final TableSchema<FileItem> SCHEMA = StaticImmutableTableSchema.builder(FileItem.class, Builder.class)
                .newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, FileItem::key, (builder, value) -> builder.key = value)
                .addAttribute(String.class, a -> a.name("status").getter(FileItem::status)
                        .setter((builder, value) -> builder.status = value))
                .addAttribute(Long.class, a -> a.name("size").getter(FileItem::size)
                        .setter((builder, value) -> builder.size = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private String status;
            private Long size;

            FileItem build() {
                return new FileItem(key, status, size);
            }
        }
    }
}
