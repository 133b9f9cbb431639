package usersapi.item;

import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactPutItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The condition expressions that several repositories write with. */
public final class Conditions {

    /** The item is there. */
    public static final Expression EXISTS = Expression.builder().expression("attribute_exists(pk)").build();

    private static final Expression IS_NEW = Expression.builder().expression("attribute_not_exists(pk)").build();

    private Conditions() {}

    /** The item is there, and this attribute of it as it was read; empty for one that it did not have. */
    public static Expression isStill(String attribute, Optional<AttributeValue> read) {
        return read.map(value -> Expression.builder().expression(attribute + " = :read")
                .putExpressionValue(":read", value).build())
                .orElseGet(() -> Expression.builder()
                        .expression("attribute_exists(pk) AND attribute_not_exists(" + attribute + ")").build());
    }

    /** Puts an item in a transaction that holds only if none of its key is there. */
    public static <T> TransactPutItemEnhancedRequest<T> putIfNew(Class<T> type, T item) {
        return TransactPutItemEnhancedRequest.builder(type).item(item).conditionExpression(IS_NEW).build();
    }
}
