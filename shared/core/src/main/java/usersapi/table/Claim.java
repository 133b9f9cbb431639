package usersapi.table;

import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Makes a unique thing belong to one user only.
 *
 * @param id the claimed thing, for example {@link UsersTable#emailClaim}
 * @param userId external id of the owner
 */
public record Claim(String id, String userId) {

    /** Its attributes in the table. */
    public static final RecordSchema<Claim> SCHEMA = RecordSchema
            .of(Claim.class, item -> new Claim(item.get(UsersTable.ID), item.get(Attribute.EXTERNAL_ID)))
            .partitionKey(UsersTable.ID, Claim::id).with(Attribute.EXTERNAL_ID, Claim::userId);

    /** The condition that nobody but this user has the claim. */
    public static Expression isNotAnothers(String userId) {
        return Expression.builder()
                .expression("attribute_not_exists(%s) OR %s = :user".formatted(UsersTable.ID.name(),
                        Attribute.EXTERNAL_ID.name()))
                .putExpressionValue(":user", AttributeValue.fromS(userId)).build();
    }

    /** Deletes the claim in a transaction; it fails if the claim is another user's. */
    public static TransactDeleteItemEnhancedRequest deletion(String id, String userId) {
        return TransactDeleteItemEnhancedRequest.builder().key(UsersTable.key(id))
                .conditionExpression(isNotAnothers(userId)).build();
    }
}
