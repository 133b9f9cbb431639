package usersapi.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class LocalTablesTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    @Test
    void areReachedByWhatTheFunctionsAreTold() {
        var item = Map.of("external_id", AttributeValue.fromS("a"), "file_id", AttributeValue.fromS("f"));
        try (var client = DynamoDbClient.builder()
                .endpointOverride(URI.create(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB")))
                .region(Region.of(TABLES.variable("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials
                        .create(TABLES.variable("AWS_ACCESS_KEY_ID"), TABLES.variable("AWS_SECRET_ACCESS_KEY"))))
                .build()) {
            client.putItem(put -> put.tableName(TABLES.variable("FILES_TABLE")).item(item));
        }

        assertThat(TABLES.items()).containsExactly(item);
        assertThat(TABLES.items("Files")).containsExactly(item);
        assertThat(TABLES.item("Files", "a", "f")).contains(item);
        assertThat(TABLES.item("Files", "b", "f")).isEmpty();
        TABLES.clear();
        assertThat(TABLES.items()).isEmpty();
    }

    @Test
    void areAsTheTemplateSays() {
        assertThat(described("Files").streamSpecification().streamViewTypeAsString()).isEqualTo("KEYS_ONLY");
        assertThat(described("Files").keySchema()).extracting(KeySchemaElement::attributeName)
                .containsExactly("external_id", "file_id");
        assertThat(described("Users").streamSpecification()).isNull();
    }

    private static TableDescription described(String table) {
        return TABLES.client().describeTable(describe -> describe.tableName(TABLES.name(table))).table();
    }

    @Test
    void keepWhatHasExpired() {
        var ttl = TABLES.client().describeTimeToLive(describe -> describe.tableName(TABLES.name("Credentials")));

        assertThat(ttl.timeToLiveDescription().timeToLiveStatus()).isEqualTo(TimeToLiveStatus.DISABLED);
    }
}
