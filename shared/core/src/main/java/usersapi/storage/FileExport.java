package usersapi.storage;

import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.table.Attribute;
import usersapi.table.FilesTable;

/** Exports the records of a user's files, with the file service's own attributes. */
public final class FileExport {

    private static final int PAGE = 500;

    private final DynamoDbClient dynamoDb;
    private final FilesTable table;

    /**
     * Some of the user's files.
     *
     * @param files their records: every attribute by its name, bytes in base64
     * @param next the id of the file after which to continue; empty at the end
     */
    public record Page(List<JsonObject> files, Optional<String> next) {}

    @Inject
    FileExport(DynamoDbClient dynamoDb, FilesTable table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * Records of the user's files in the order of their ids, as many as size and time allow, but at least one.
     *
     * @param from the id of the file after which to continue
     * @param maxBytes their maximum total size, as JSON in UTF-8
     */
    public Page read(String userId, Optional<String> from, int maxBytes, BooleanSupplier timeIsLeft) {
        var files = new ArrayList<JsonObject>();
        var last = from;
        long bytes = 0;
        do {
            var start = last.map(fileId -> FilesTable.key(userId, fileId)).orElse(null);
            var page = dynamoDb.query(query -> query.tableName(table.name()).consistentRead(true).limit(PAGE)
                    .keyConditionExpression(Attribute.EXTERNAL_ID.name() + " = :user")
                    .expressionAttributeValues(Map.of(":user", AttributeValue.fromS(userId)))
                    .exclusiveStartKey(start));
            for (var item : page.items()) {
                var file = json(item);
                bytes += file.toJson().getBytes(StandardCharsets.UTF_8).length;
                if (bytes > maxBytes && !files.isEmpty()) {
                    return new Page(files, last);
                }
                files.add(file);
                last = Optional.of(item.get(FilesTable.FILE_ID.name()).s());
            }
            if (page.lastEvaluatedKey().isEmpty()) {
                return new Page(files, Optional.empty());
            }
        } while (timeIsLeft.getAsBoolean());
        return new Page(files, last);
    }

    private static JsonObject json(Map<String, AttributeValue> attributes) {
        var json = new JsonObject();
        attributes.forEach((name, value) -> json.put(name, value(value)));
        return json;
    }

    private static Object value(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> new BigDecimal(value.n());
            case BOOL -> value.bool();
            case B -> base64(value.b());
            case M -> json(value.m());
            case L -> value.l().stream().map(FileExport::value).toList();
            case SS -> value.ss();
            case NS -> value.ns().stream().map(BigDecimal::new).toList();
            case BS -> value.bs().stream().map(FileExport::base64).toList();
            case NUL, UNKNOWN_TO_SDK_VERSION -> null;
        };
    }

    private static String base64(SdkBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
    }
}
