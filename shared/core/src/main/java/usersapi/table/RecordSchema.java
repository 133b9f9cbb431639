package usersapi.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.ImmutableAttribute;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The schema of a record: an attribute for each component, and one function that makes the record from the attributes'
 * values. So a record needs no builder class and no reflection. It reads and writes items without the enhanced client, which
 * costs a tenth of a cold start; {@link #enhanced} is for transactions of several records.
 *
 * @param <R> the record
 */
public final class RecordSchema<R> {

    private final Class<R> type;
    private final Function<Values, R> constructor;
    private final List<Attribute<?>> attributes = new ArrayList<>();
    private final List<RecordSchema<?>> parts = new ArrayList<>();
    private final List<BiConsumer<R, Map<String, AttributeValue>>> writers = new ArrayList<>();
    private final List<Consumer<StaticImmutableTableSchema.Builder<R, Values>>> declarations = new ArrayList<>();

    private RecordSchema(Class<R> type, Function<Values, R> constructor) {
        this.type = type;
        this.constructor = constructor;
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
        public <P> P get(RecordSchema<P> part) {
            return (P) values.get(part);
        }

        private boolean put(Object key, Object value) {
            if (value != null) {
                values.put(key, value);
            }
            return value != null;
        }
    }

    /** Starts a schema without attributes; {@code constructor} makes the record. */
    public static <R> RecordSchema<R> of(Class<R> type, Function<Values, R> constructor) {
        return new RecordSchema<>(type, constructor);
    }

    /** Adds the table's partition key. */
    public RecordSchema<R> partitionKey(Attribute<String> attribute, Function<R, String> getter) {
        return with(attribute, getter, schema -> schema.tags(StaticAttributeTags.primaryPartitionKey()));
    }

    /** Adds the table's sort key. */
    public RecordSchema<R> sortKey(Attribute<String> attribute, Function<R, String> getter) {
        return with(attribute, getter, schema -> schema.tags(StaticAttributeTags.primarySortKey()));
    }

    /** Adds an attribute; if {@code getter} returns null, the item does not have it. */
    public <T> RecordSchema<R> with(Attribute<T> attribute, Function<R, T> getter) {
        return with(attribute, getter, _ -> {});
    }

    /** Adds the attributes of another schema. */
    public <P> RecordSchema<R> with(RecordSchema<P> part, Function<R, P> getter) {
        parts.add(part);
        writers.add((record, item) -> {
            var included = getter.apply(record);
            if (included != null) {
                item.putAll(part.write(included));
            }
        });
        declarations.add(schema -> schema.flatten(part.enhanced(), getter, (values, value) -> values.put(part, value)));
        return this;
    }

    private <T> RecordSchema<R> with(Attribute<T> attribute, Function<R, T> getter,
            Consumer<ImmutableAttribute.Builder<R, Values, T>> key) {
        attributes.add(attribute);
        writers.add((record, item) -> attribute.put(getter.apply(record), item));
        declarations.add(schema -> schema.addAttribute(attribute.type(), built -> {
            built.name(attribute.name()).getter(getter).setter((values, value) -> values.put(attribute.name(), value));
            key.accept(built);
        }));
        return this;
    }

    /** The record of an item that the low-level client has read; null if the item has none of the attributes. */
    public R read(Map<String, AttributeValue> item) {
        var values = new Values();
        boolean hasAny = false;
        for (var attribute : attributes) {
            hasAny |= values.put(attribute.name(), attribute.of(item));
        }
        for (var part : parts) {
            hasAny |= values.put(part, part.read(item));
        }
        return hasAny ? constructor.apply(values) : null;
    }

    /** The item of a record, for the low-level client. */
    public Map<String, AttributeValue> write(R record) {
        var item = new HashMap<String, AttributeValue>();
        writers.forEach(writer -> writer.accept(record, item));
        return item;
    }

    /** The same schema for the enhanced client. */
    public TableSchema<R> enhanced() {
        var schema = StaticImmutableTableSchema.builder(type, Values.class).newItemBuilder(Values::new, constructor);
        declarations.forEach(declaration -> declaration.accept(schema));
        return schema.build();
    }
}
