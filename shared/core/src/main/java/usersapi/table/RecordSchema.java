package usersapi.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The schema of a record: an attribute for each component, and one function that makes the record from the attributes'
 * values. So a record needs no builder class and no reflection. It is used instead of the SDK's enhanced client, which costs
 * a tenth of a cold start.
 *
 * @param <R> the record
 */
public final class RecordSchema<R> {

    private final Function<Values, R> constructor;
    private final List<Attribute<?>> keys = new ArrayList<>();
    private final List<Attribute<?>> attributes = new ArrayList<>();
    private final List<RecordSchema<?>> parts = new ArrayList<>();
    private final List<BiConsumer<R, Map<String, AttributeValue>>> writers = new ArrayList<>();

    private RecordSchema(Function<Values, R> constructor) {
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
    public static <R> RecordSchema<R> of(Function<Values, R> constructor) {
        return new RecordSchema<>(constructor);
    }

    /** Adds an attribute of the item's key. */
    public RecordSchema<R> key(Attribute<String> attribute, Function<R, String> getter) {
        keys.add(attribute);
        return with(attribute, getter);
    }

    /** Adds an attribute; if {@code getter} returns null, the item does not have it. */
    public <T> RecordSchema<R> with(Attribute<T> attribute, Function<R, T> getter) {
        attributes.add(attribute);
        writers.add((record, item) -> attribute.put(getter.apply(record), item));
        return this;
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
        return this;
    }

    /** Reads the record of the item with this key, consistently; empty if there is no such item. */
    public Optional<R> find(DynamoDbClient dynamoDb, String table, Map<String, AttributeValue> key) {
        return Optional.ofNullable(
                read(dynamoDb.getItem(get -> get.tableName(table).key(key).consistentRead(true)).item()));
    }

    /** The record of an item; null if the item has none of the attributes. */
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

    /** The item of a record. */
    public Map<String, AttributeValue> write(R record) {
        var item = new HashMap<String, AttributeValue>();
        writers.forEach(writer -> writer.accept(record, item));
        return item;
    }

    /** An update that sets the schema's attributes as in the record, and removes those that the record does not have. */
    public ItemUpdate update(R record, Condition condition) {
        var item = write(record);
        var key = new HashMap<String, AttributeValue>();
        keys.forEach(attribute -> key.put(attribute.name(), item.remove(attribute.name())));
        var names = new HashMap<String, String>();
        var values = new HashMap<>(condition.values());
        var set = new ArrayList<String>();
        var remove = new ArrayList<String>();
        all().filter(attribute -> !keys.contains(attribute)).map(Attribute::name).forEach(name -> {
            names.put("#" + name, name);
            if (item.containsKey(name)) {
                values.put(":" + name, item.get(name));
                set.add("#" + name + " = :" + name);
            } else {
                remove.add("#" + name);
            }
        });
        var expression = (set.isEmpty() ? "" : "SET " + String.join(", ", set))
                + (remove.isEmpty() ? "" : " REMOVE " + String.join(", ", remove));
        return new ItemUpdate(key, expression, condition.expression(), names, values);
    }

    private Stream<Attribute<?>> all() {
        return Stream.concat(attributes.stream(), parts.stream().flatMap(RecordSchema::all));
    }
}
