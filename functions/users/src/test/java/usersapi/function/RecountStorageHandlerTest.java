package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTable;

class RecountStorageHandlerTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private final RecountStorageHandler handler = new RecountStorageHandler();

    @Test
    void recountsOneUserAndThenEverybody() {
        putFile("jane");
        putFile("john");

        assertThat(recount("jane").toJson()).isEqualTo(
                "{\"message\":\"ok\",\"files\":1,\"changed\":1,\"unsettled\":0,\"next\":null}");
        assertThat(Invocation.invoke(handler, "{\"all\":true}").get("changed")).isEqualTo(1L);
        assertThat(Invocation.invoke(handler, "{\"all\":true}").get("changed")).isEqualTo(0L);
    }

    @Test
    void countsNoLongerWhatIsGone() {
        putFile("jack");
        assertThat(recount("jack").get("changed")).isEqualTo(1L);
        TABLE.client().deleteItem(delete -> delete.tableName(TABLE.name()).key(fileKey("jack")));

        assertThat(recount("jack").get("changed")).isEqualTo(1L);

        assertThat(TABLE.item("USER#jack", "COUNTED#f")).isEmpty();
        assertThat(TABLE.item("USER#jack", "STORAGE").orElseThrow().get("total_bytes").n()).isEqualTo("0");
    }

    @Test
    void goesOnFromAnEarlierAnswer() {
        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"jim\",\"from\":{\"pk\":\"USER#jim\",\"sk\":\"FILE#f\"}}").get("message"))
                .isEqualTo("ok");
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"jim\",\"from\":null}").get("message"))
                .isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"all\":false}", "{\"external_id\":\"u\",\"all\":true}", "{\"external_id\":5}",
            "{\"all\":\"true\"}"})
    void asksForAUserOrAll(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("either external_id: a user's external id, or all: true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"pk\":\"USER#b\",\"sk\":\"FILE#f\"}", "{}", "5", "{\"pk\":\"USER#a\"}",
            "{\"pk\":\"\",\"sk\":\"\"}"})
    void refusesToGoOnFromElsewhere(String from) {
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"a\",\"from\":" + from + "}").string("detail"))
                .contains("from: must be the next of an earlier answer to the same input");
    }

    private JsonObject recount(String userId) {
        return Invocation.invoke(handler, Invocation.event("recount-storage", userId));
    }

    /** A file of five bytes. */
    private static void putFile(String userId) {
        var item = new HashMap<>(fileKey(userId));
        item.put("status", AttributeValue.fromS("AVAILABLE"));
        item.put("size", AttributeValue.fromN("5"));
        TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(item));
    }

    private static Map<String, AttributeValue> fileKey(String userId) {
        return Map.of("pk", AttributeValue.fromS("USER#" + userId), "sk", AttributeValue.fromS("FILE#f"));
    }
}
