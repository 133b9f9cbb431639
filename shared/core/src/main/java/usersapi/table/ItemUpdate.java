package usersapi.table;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * A conditional update of one item. It touches no attribute that its expression does not name.
 *
 * @param names the attributes of the placeholders in the update expression
 * @param values the values of the placeholders in both expressions
 */
public record ItemUpdate(Map<String, AttributeValue> key, String updateExpression, String conditionExpression,
        Map<String, String> names, Map<String, AttributeValue> values) {

    /** The update as a request of its own. */
    public UpdateItemRequest request(String table) {
        return UpdateItemRequest.builder().tableName(table).key(key).updateExpression(updateExpression)
                .conditionExpression(conditionExpression).expressionAttributeNames(names)
                .expressionAttributeValues(values).build();
    }

    /** The update as a part of a transaction. */
    public TransactWriteItem inTransaction(String table) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table).key(key).updateExpression(updateExpression)
                        .conditionExpression(conditionExpression).expressionAttributeNames(names)
                        .expressionAttributeValues(values))
                .build();
    }
}
