package usersapi.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactPutItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Condition expressions that several repositories use. Each names an attribute of the item's key. */
public final class Conditions {

    private Conditions() {}

    /** The item exists. */
    public static Expression exists(Attribute<String> key) {
        return Expression.builder().expression("attribute_exists(" + key.name() + ")").build();
    }

    /** The item exists, and this attribute is as it was read; empty if it was absent. */
    public static Expression isStill(Attribute<String> key, Attribute<?> attribute, Optional<AttributeValue> read) {
        var placeholder = ":read_" + attribute.name();
        return read.map(value -> Expression.builder().expression(attribute.name() + " = " + placeholder)
                .putExpressionValue(placeholder, value).build())
                .orElseGet(() -> Expression.builder().expression(
                        "attribute_exists(" + key.name() + ") AND attribute_not_exists(" + attribute.name() + ")")
                        .build());
    }

    /** The item exists, and these attributes are as they were read; empty for an absent one. */
    public static Expression areStill(Attribute<String> key, Map<Attribute<?>, Optional<AttributeValue>> read) {
        var clauses = new ArrayList<String>(List.of("attribute_exists(" + key.name() + ")"));
        var values = new HashMap<String, AttributeValue>();
        read.forEach((attribute, value) -> {
            clauses.add(value.isPresent()
                    ? attribute.name() + " = :" + attribute.name()
                    : "attribute_not_exists(" + attribute.name() + ")");
            value.ifPresent(is -> values.put(":" + attribute.name(), is));
        });
        return Expression.builder().expression(String.join(" AND ", clauses))
                .expressionValues(values.isEmpty() ? null : values).build();
    }

    /** Puts an item in a transaction; it fails if an item with the same key exists. */
    public static <T> TransactPutItemEnhancedRequest<T> putIfNew(Attribute<String> key, Class<T> type, T item) {
        return TransactPutItemEnhancedRequest.builder(type).item(item)
                .conditionExpression(
                        Expression.builder().expression("attribute_not_exists(" + key.name() + ")").build())
                .build();
    }
}
