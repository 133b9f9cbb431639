package usersapi.storage;

import jakarta.inject.Inject;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import usersapi.item.ItemKey;
import usersapi.wiring.Config;

/** The file service's side of the contract: it writes file records, and the totals follow by the table's stream. */
public final class FileRepository {

    private final DynamoDbTable<FileItem> files;

    /** For this product's functions; a file service in Java may use the class as it is. */
    @Inject
    public FileRepository(DynamoDbEnhancedClient dynamoDb, Config config) {
        this.files = dynamoDb.table(config.tableName(), FileItem.SCHEMA);
    }

    /** Writes a file's record, or replaces it. */
    public void put(FileKey file, FileRecord record) {
        files.putItem(new FileItem(file.file(), record.status().name(), record.size().orElse(null)));
    }

    /** Removes a file's record; one that is not there is no error. */
    public void delete(FileKey file) {
        files.deleteItem(file.file().toKey());
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
