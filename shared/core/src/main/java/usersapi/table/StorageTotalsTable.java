package usersapi.table;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.lambda.Sample;

/**
 * The table {@code StorageTotals}: a counted item for each file, and each user's total. Its partition key is
 * {@link Attribute#EXTERNAL_ID}.
 *
 * @param name {@code STORAGE_TOTALS_TABLE}: what DynamoDB calls it
 */
public record StorageTotalsTable(String name) {

    /** The table that the environment names. */
    public StorageTotalsTable(Environment environment) {
        this(environment.required("STORAGE_TOTALS_TABLE"));
    }

    /** Sort key: {@link #TOTAL}, or the file that the item is about. */
    public static final Attribute<String> ENTRY = Attribute.text("entry");
    /** The counted bytes of the file. */
    public static final Attribute<Long> BYTES = Attribute.number("bytes");
    /** The sum of the user's counted bytes; it may exceed a long. */
    public static final String TOTAL_BYTES = "total_bytes";
    /** The number of counted files. */
    public static final Attribute<Long> FILE_COUNT = Attribute.number("file_count");

    /** Marks the total of a deleted user. The item then has only this attribute, and nothing is counted any more. */
    public static final Attribute<Boolean> DELETED = Attribute.truth("deleted");

    /** The entry of the user's total. */
    public static final String TOTAL = "total";
    /** The prefix of the entries of files. */
    public static final String FILE_PREFIX = "file#";

    private static final int MAX_SORT_KEY_BYTES = 1024; // Developer Guide, «Quotas in Amazon DynamoDB»

    /** Whether the counted item of a file can have a key: a sort key has at most 1024 bytes in UTF-8. */
    public static boolean hasRoomFor(String fileId) {
        return (FILE_PREFIX + fileId).getBytes(StandardCharsets.UTF_8).length <= MAX_SORT_KEY_BYTES;
    }

    /** The key of the user's total. */
    public static Map<String, AttributeValue> total(String userId) {
        return key(userId, TOTAL);
    }

    /** The key of the file's counted item. */
    public static Map<String, AttributeValue> counted(String userId, String fileId) {
        return key(userId, FILE_PREFIX + fileId);
    }

    /** The file that this entry is about; empty for the total. */
    public static Optional<String> fileId(String entry) {
        return entry.startsWith(FILE_PREFIX) ? Optional.of(entry.substring(FILE_PREFIX.length())) : Optional.empty();
    }

    private static Map<String, AttributeValue> key(String userId, String entry) {
        return Map.of(Attribute.EXTERNAL_ID.name(), AttributeValue.fromS(userId), ENTRY.name(),
                AttributeValue.fromS(entry));
    }

    /** A sample that is a counted item and a total at once. */
    public static Sample sample() {
        return Sample.item(StorageTotalsTable.class, """
                {"entry": {"S": "file#f"}, "bytes": {"N": "1"}, "total_bytes": {"N": "1"}, "file_count": {"N": "1"},
                 "deleted": {"BOOL": false}}""");
    }
}
