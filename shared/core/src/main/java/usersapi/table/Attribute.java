package usersapi.table;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;

/**
 * An attribute of an item. Each attribute is declared once, next to the keys of its table.
 *
 * @param name its name in the table
 * @param type the Java type of its value
 * @param <T> the same
 */
public record Attribute<T>(String name, EnhancedType<T> type) {

    /** The user to whom an item belongs; in every table. */
    public static final Attribute<String> EXTERNAL_ID = text("external_id");

    /** Text. */
    public static Attribute<String> text(String name) {
        return new Attribute<>(name, EnhancedType.of(String.class));
    }

    /** A whole number. */
    public static Attribute<Long> number(String name) {
        return new Attribute<>(name, EnhancedType.of(Long.class));
    }

    /** True or false. */
    public static Attribute<Boolean> truth(String name) {
        return new Attribute<>(name, EnhancedType.of(Boolean.class));
    }

    /** A point in time, stored as text in ISO 8601. */
    public static Attribute<Instant> instant(String name) {
        return new Attribute<>(name, EnhancedType.of(Instant.class));
    }

    /** A set of texts, which is never empty. */
    public static Attribute<Set<String>> texts(String name) {
        return new Attribute<>(name, EnhancedType.setOf(String.class));
    }

    /** Texts by name. */
    public static Attribute<Map<String, String>> textByName(String name) {
        return new Attribute<>(name, EnhancedType.mapOf(String.class, String.class));
    }
}
