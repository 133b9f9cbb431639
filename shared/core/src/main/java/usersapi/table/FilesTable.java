package usersapi.table;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.lambda.Sample;

/**
 * The table {@code Files}: a record for each file, which the file service writes. Its partition key is
 * {@link Attribute#EXTERNAL_ID}, and further attributes are the file service's own. It is the only table with a stream.
 *
 * @param name {@code FILES_TABLE}: what DynamoDB calls it
 */
public record FilesTable(String name) {

    /** The table that the environment names. */
    public FilesTable(Environment environment) {
        this(environment.required("FILES_TABLE"));
    }

    /** Sort key: the file service's id of the file. */
    public static final Attribute<String> FILE_ID = Attribute.text("file_id");
    /** The state of the upload. */
    public static final Attribute<String> STATUS = Attribute.text("status");
    /** The file's size in bytes. */
    public static final Attribute<Long> SIZE = Attribute.number("size");

    /** The key of a file's record. */
    public static Map<String, AttributeValue> key(String userId, String fileId) {
        return Map.of(Attribute.EXTERNAL_ID.name(), AttributeValue.fromS(userId), FILE_ID.name(),
                AttributeValue.fromS(fileId));
    }

    /** A sample of a file that counts, of another size than {@link StorageTotalsTable#sample} has counted. */
    public static Sample sample() {
        return Sample.item(FilesTable.class,
                """
                        {"external_id": {"S": "u"}, "file_id": {"S": "f"}, "status": {"S": "AVAILABLE"}, "size": {"N": "2"}}""");
    }
}
