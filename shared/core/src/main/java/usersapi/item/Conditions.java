package usersapi.item;

import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactPutItemEnhancedRequest;

/** The condition expressions that several repositories write with. */
public final class Conditions {

    /** The item is there. */
    public static final Expression EXISTS = Expression.builder().expression("attribute_exists(pk)").build();

    private static final Expression IS_NEW = Expression.builder().expression("attribute_not_exists(pk)").build();

    private Conditions() {}

    /** Puts an item in a transaction that holds only if none of its key is there. */
    public static <T> TransactPutItemEnhancedRequest<T> putIfNew(Class<T> type, T item) {
        return TransactPutItemEnhancedRequest.builder(type).item(item).conditionExpression(IS_NEW).build();
    }
}
