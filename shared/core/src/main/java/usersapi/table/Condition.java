package usersapi.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A condition expression, with the values of its placeholders. The conditions of this class name an attribute of the item's
 * key, because only an existing item has it.
 */
public record Condition(String expression, Map<String, AttributeValue> values) {

    /** Both conditions hold; their placeholders differ. */
    public Condition and(Condition other) {
        var all = new HashMap<>(values);
        all.putAll(other.values);
        return new Condition("(" + expression + ") AND (" + other.expression + ")", all);
    }

    /** There is no item with this key. */
    public static Condition isNew(Attribute<String> key) {
        return new Condition("attribute_not_exists(" + key.name() + ")", Map.of());
    }

    /** The item exists, and this attribute is as it was read; empty if it was absent. */
    public static Condition isStill(Attribute<String> key, Attribute<?> attribute, Optional<AttributeValue> read) {
        return areStill(key, Map.of(attribute, read));
    }

    /** The item exists, and these attributes are as they were read; empty for an absent one. */
    public static Condition areStill(Attribute<String> key, Map<Attribute<?>, Optional<AttributeValue>> read) {
        var clauses = new ArrayList<String>(List.of("attribute_exists(" + key.name() + ")"));
        var values = new HashMap<String, AttributeValue>();
        read.forEach((attribute, value) -> {
            var placeholder = ":read_" + attribute.name();
            clauses.add(value.isPresent()
                    ? attribute.name() + " = " + placeholder
                    : "attribute_not_exists(" + attribute.name() + ")");
            value.ifPresent(is -> values.put(placeholder, is));
        });
        return new Condition(String.join(" AND ", clauses), values);
    }
}
