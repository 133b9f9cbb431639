package usersapi.table;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTag;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;

/**
 * Builds the schema of a record for the enhanced client: an attribute for each component, and one function that makes the
 * record from the attributes' values. So a record needs no builder class and no reflection.
 *
 * @param <R> the record
 */
public final class RecordSchema<R> {

    private final StaticImmutableTableSchema.Builder<R, Values> schema;

    private RecordSchema(StaticImmutableTableSchema.Builder<R, Values> schema) {
        this.schema = schema;
    }

    /** The values of an item that is being read. */
    public static final class Values {

        private final Map<Object, Object> values = new HashMap<>();

        private Values() {}

        /** The attribute's value; null if the item does not have it. */
        @SuppressWarnings("unchecked") // put under this attribute by the schema, which knows its type
        public <T> T get(Attribute<T> attribute) {
            return (T) values.get(attribute.name());
        }

        /** The part of the item that this schema describes; null if the item has none of its attributes. */
        @SuppressWarnings("unchecked") // put under this schema by the schema that includes it
        public <P> P get(TableSchema<P> part) {
            return (P) values.get(part);
        }
    }

    /** Starts a schema without attributes; {@code constructor} makes the record. */
    public static <R> RecordSchema<R> of(Class<R> type, Function<Values, R> constructor) {
        return new RecordSchema<>(StaticImmutableTableSchema.builder(type, Values.class)
                .newItemBuilder(Values::new, constructor));
    }

    /** Adds the table's partition key. */
    public RecordSchema<R> partitionKey(Attribute<String> attribute, Function<R, String> getter) {
        return with(attribute, getter, StaticAttributeTags.primaryPartitionKey());
    }

    /** Adds the table's sort key. */
    public RecordSchema<R> sortKey(Attribute<String> attribute, Function<R, String> getter) {
        return with(attribute, getter, StaticAttributeTags.primarySortKey());
    }

    /** Adds an attribute; if {@code getter} returns null, the item does not have it. */
    public <T> RecordSchema<R> with(Attribute<T> attribute, Function<R, T> getter) {
        return with(attribute, getter, new StaticAttributeTag[0]);
    }

    /** Adds the attributes of another schema. */
    public <P> RecordSchema<R> with(TableSchema<P> part, Function<R, P> getter) {
        schema.flatten(part, getter, (values, value) -> values.values.put(part, value));
        return this;
    }

    private <T> RecordSchema<R> with(Attribute<T> attribute, Function<R, T> getter, StaticAttributeTag... tags) {
        schema.addAttribute(attribute.type(), built -> built.name(attribute.name()).getter(getter)
                .setter((values, value) -> values.values.put(attribute.name(), value)).tags(tags));
        return this;
    }

    /** The schema. */
    public TableSchema<R> build() {
        return schema.build();
    }
}
