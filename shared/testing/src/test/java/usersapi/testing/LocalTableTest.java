package usersapi.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class LocalTableTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    @Test
    void isReachedByTheSdksOwnSettings() {
        var item = Map.of("pk", AttributeValue.fromS("USER#a"), "sk", AttributeValue.fromS("PROFILE"));
        try (var client = DynamoDbClient.create()) {
            client.putItem(put -> put.tableName(System.getProperty("TABLE_NAME")).item(item));
        }

        assertThat(TABLE.items()).containsExactly(item);
        assertThat(TABLE.item("USER#a", "PROFILE")).contains(item);
        assertThat(TABLE.item("USER#b", "PROFILE")).isEmpty();
    }

    @Test
    void isAsTheTemplateSays() {
        var table = TABLE.client().describeTable(describe -> describe.tableName(TABLE.name())).table();

        assertThat(table.streamSpecification().streamViewTypeAsString()).isEqualTo("KEYS_ONLY");
        assertThat(table.keySchema()).extracting(KeySchemaElement::attributeName).containsExactly("pk", "sk");
    }

    @Test
    void keepsWhatHasExpired() {
        var ttl = TABLE.client().describeTimeToLive(describe -> describe.tableName(TABLE.name()));

        assertThat(ttl.timeToLiveDescription().timeToLiveStatus()).isEqualTo(TimeToLiveStatus.DISABLED);
    }
}
