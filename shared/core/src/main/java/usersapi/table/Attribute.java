package usersapi.table;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An attribute of an item. Each attribute is declared once, next to the keys of its table.
 *
 * @param name its name in the table
 * @param reader reads the value
 * @param writer writes the value
 * @param <T> the type
 */
public record Attribute<T>(String name, Function<AttributeValue, T> reader,
        Function<T, AttributeValue> writer) {

    /** The user to whom an item belongs; in every table. */
    public static final Attribute<String> EXTERNAL_ID = text("external_id");

    /** Text. */
    public static Attribute<String> text(String name) {
        return new Attribute<>(name, AttributeValue::s, AttributeValue::fromS);
    }

    /** A whole number. */
    public static Attribute<Long> number(String name) {
        return new Attribute<>(name, value -> Long.valueOf(value.n()),
                number -> AttributeValue.fromN(number.toString()));
    }

    /** True or false. */
    public static Attribute<Boolean> truth(String name) {
        return new Attribute<>(name, AttributeValue::bool, AttributeValue::fromBool);
    }

    /** A point in time, stored as text in ISO 8601. */
    public static Attribute<Instant> instant(String name) {
        return new Attribute<>(name, value -> Instant.parse(value.s()),
                instant -> AttributeValue.fromS(instant.toString()));
    }

    /** A set of texts, which is never empty. */
    public static Attribute<Set<String>> texts(String name) {
        return new Attribute<>(name, value -> new LinkedHashSet<>(value.ss()),
                texts -> AttributeValue.fromSs(List.copyOf(texts)));
    }

    /** Texts by name. */
    public static Attribute<Map<String, String>> textByName(String name) {
        return new Attribute<>(name, value -> {
            var texts = new HashMap<String, String>();
            value.m().forEach((key, text) -> texts.put(key, text.s()));
            return texts;
        }, texts -> {
            var values = new HashMap<String, AttributeValue>();
            texts.forEach((key, text) -> values.put(key, AttributeValue.fromS(text)));
            return AttributeValue.fromM(values);
        });
    }

    /** Puts the value into an item; null puts nothing. */
    void put(T value, Map<String, AttributeValue> item) {
        if (value != null) {
            item.put(name, writer.apply(value));
        }
    }

    /** The value in an item; null if the item does not have it. */
    public T of(Map<String, AttributeValue> item) {
        var value = item.get(name);
        return value == null ? null : reader.apply(value);
    }
}
