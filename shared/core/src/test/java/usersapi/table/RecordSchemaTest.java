package usersapi.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.CoreFixture;
import usersapi.testing.LocalTables;

class RecordSchemaTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final DynamoDbClient dynamoDb = CoreFixture.client(TABLES);
    private final String table = CoreFixture.users(TABLES).name();

    /** An attribute of each kind; {@code size}, {@code token} and {@code view} are reserved words of DynamoDB. */
    private record Part(Long size, Boolean token, Instant view) {

        static final RecordSchema<Part> SCHEMA = RecordSchema
                .of(item -> new Part(item.get(Attribute.number("size")), item.get(Attribute.truth("token")),
                        item.get(Attribute.instant("view"))))
                .with(Attribute.number("size"), Part::size).with(Attribute.truth("token"), Part::token)
                .with(Attribute.instant("view"), Part::view);
    }

    private record Whole(String id, Set<String> values, Map<String, String> names, Part part) {

        static final RecordSchema<Whole> SCHEMA = RecordSchema
                .of(item -> new Whole(item.get(UsersTable.ID), item.get(Attribute.texts("values")),
                        item.get(Attribute.textByName("names")), item.get(Part.SCHEMA)))
                .key(UsersTable.ID, Whole::id).with(Attribute.texts("values"), Whole::values)
                .with(Attribute.textByName("names"), Whole::names).with(Part.SCHEMA, Whole::part);
    }

    private static final Part PART = new Part(Long.MAX_VALUE, false, Instant.parse("2026-11-28T01:02:03.456Z"));

    @Test
    void aRecordIsReadAsItWasWritten() {
        var whole = new Whole("record", Set.of("a", "b"), Map.of("tz", "UTC"), PART);

        dynamoDb.putItem(put -> put.tableName(table).item(Whole.SCHEMA.write(whole)));

        assertThat(read("record")).isEqualTo(whole);
    }

    @Test
    void anItemHasNoAttributeForNull() {
        assertThat(Whole.SCHEMA.write(new Whole("null", null, Map.of(), null))).containsOnlyKeys("id", "names");
    }

    @Test
    void anItemWithoutAnyOfTheAttributesIsNoRecord() {
        assertThat(Whole.SCHEMA.read(Map.of("kept", AttributeValue.fromS("x")))).isNull();
        assertThat(Whole.SCHEMA.read(Map.of("id", AttributeValue.fromS("x"))).part()).isNull();
    }

    @Test
    void anUpdateSetsAndRemovesTheAttributesOfItsSchemaOnly() {
        var item = new HashMap<>(Whole.SCHEMA.write(new Whole("update", Set.of("a"), Map.of("tz", "UTC"), PART)));
        item.put("kept", AttributeValue.fromS("stays"));
        dynamoDb.putItem(put -> put.tableName(table).item(item));

        var changed = new Whole("update", null, Map.of(), new Part(1L, null, null));
        update(changed, Condition.isStill(UsersTable.ID, Attribute.text("kept"), Optional.of(item.get("kept"))));

        assertThat(read("update")).isEqualTo(changed);
        assertThat(item("update")).containsEntry("kept", AttributeValue.fromS("stays"));
    }

    @Test
    void anUpdateOfAnItemThatIsNotAsItWasReadFails() {
        var whole = new Whole("changed", null, null, PART);
        dynamoDb.putItem(put -> put.tableName(table).item(Whole.SCHEMA.write(whole)));

        assertThatThrownBy(() -> update(new Whole("changed", Set.of("a"), null, PART),
                Condition.isStill(UsersTable.ID, Attribute.text("kept"), Optional.of(AttributeValue.fromS("gone")))))
                .isInstanceOf(ConditionalCheckFailedException.class);
        assertThatThrownBy(() -> update(new Whole("missing", Set.of("a"), null, PART),
                Condition.isStill(UsersTable.ID, Attribute.text("kept"), Optional.empty())))
                .isInstanceOf(ConditionalCheckFailedException.class);
        assertThat(read("changed")).isEqualTo(whole);
    }

    private void update(Whole record, Condition condition) {
        dynamoDb.updateItem(Whole.SCHEMA.update(record, condition).request(table));
    }

    private Whole read(String id) {
        return Whole.SCHEMA.read(item(id));
    }

    private Map<String, AttributeValue> item(String id) {
        return dynamoDb.getItem(get -> get.tableName(table).key(UsersTable.attributes(id))).item();
    }
}
