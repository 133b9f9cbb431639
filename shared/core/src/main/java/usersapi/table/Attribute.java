package usersapi.table;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An attribute of an item. Each attribute is declared once, next to the keys of its table.
 *
 * <p>Its types are classes and not pairs of lambda expressions, of which the JVM would link all at each cold start.
 *
 * @param <T> the type of its values
 */
public abstract class Attribute<T> {

    /** The user to whom an item belongs; in every table. */
    public static final Attribute<String> EXTERNAL_ID = text("external_id");

    private final String name;

    private Attribute(String name) {
        this.name = name;
    }

    /** Its name in the table. */
    public final String name() {
        return name;
    }

    abstract T read(AttributeValue value);

    abstract AttributeValue write(T value);

    /** Puts the value into an item; null puts nothing. */
    public final void put(T value, Map<String, AttributeValue> item) {
        if (value != null) {
            item.put(name, write(value));
        }
    }

    /** The value in an item; null if the item does not have it. */
    public final T of(Map<String, AttributeValue> item) {
        var value = item.get(name);
        return value == null ? null : read(value);
    }

    @Override
    public final String toString() {
        return name;
    }

    /** Text. */
    public static Attribute<String> text(String name) {
        return new Attribute<>(name) {

            @Override
            String read(AttributeValue value) {
                return value.s();
            }

            @Override
            AttributeValue write(String text) {
                return AttributeValue.fromS(text);
            }
        };
    }

    /** A whole number. */
    public static Attribute<Long> number(String name) {
        return new Attribute<>(name) {

            @Override
            Long read(AttributeValue value) {
                return Long.valueOf(value.n());
            }

            @Override
            AttributeValue write(Long number) {
                return AttributeValue.fromN(number.toString());
            }
        };
    }

    /** True or false. */
    public static Attribute<Boolean> truth(String name) {
        return new Attribute<>(name) {

            @Override
            Boolean read(AttributeValue value) {
                return value.bool();
            }

            @Override
            AttributeValue write(Boolean truth) {
                return AttributeValue.fromBool(truth);
            }
        };
    }

    /** A point in time, stored as text in ISO 8601. */
    public static Attribute<Instant> instant(String name) {
        return new Attribute<>(name) {

            @Override
            Instant read(AttributeValue value) {
                return Instant.parse(value.s());
            }

            @Override
            AttributeValue write(Instant instant) {
                return AttributeValue.fromS(instant.toString());
            }
        };
    }

    /** A set of texts, which is never empty. */
    public static Attribute<Set<String>> texts(String name) {
        return new Attribute<>(name) {

            @Override
            Set<String> read(AttributeValue value) {
                return new LinkedHashSet<>(value.ss());
            }

            @Override
            AttributeValue write(Set<String> texts) {
                return AttributeValue.fromSs(List.copyOf(texts));
            }
        };
    }

    /** Texts by name. */
    public static Attribute<Map<String, String>> textByName(String name) {
        return new Attribute<>(name) {

            @Override
            Map<String, String> read(AttributeValue value) {
                var texts = new HashMap<String, String>();
                value.m().forEach((key, text) -> texts.put(key, text.s()));
                return texts;
            }

            @Override
            AttributeValue write(Map<String, String> texts) {
                var values = new HashMap<String, AttributeValue>();
                texts.forEach((key, text) -> values.put(key, AttributeValue.fromS(text)));
                return AttributeValue.fromM(values);
            }
        };
    }
}
