package usersapi.user;

import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.Attribute;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;

/**
 * Says which user something unique belongs to, so that it belongs to one only.
 *
 * @param id what is claimed, as {@link UsersTable#emailClaim}
 * @param userId external id of the owner
 */
record Claim(String id, String userId) {

    /** Its attributes in the table. */
    static final TableSchema<Claim> SCHEMA = RecordSchema
            .of(Claim.class, item -> new Claim(item.get(UsersTable.ID), item.get(Attribute.EXTERNAL_ID)))
            .partitionKey(UsersTable.ID, Claim::id).with(Attribute.EXTERNAL_ID, Claim::userId).build();

    static Claim of(EmailAddress email, String userId) {
        return new Claim(UsersTable.emailClaim(email.canonical()), userId);
    }

    /** Deletes the claim in a transaction that holds only if it is this user's, or is not there. */
    static TransactDeleteItemEnhancedRequest deletion(String id, String userId) {
        return TransactDeleteItemEnhancedRequest.builder().key(UsersTable.key(id))
                .conditionExpression(Expression.builder()
                        .expression("attribute_not_exists(%s) OR %s = :user".formatted(UsersTable.ID.name(),
                                Attribute.EXTERNAL_ID.name()))
                        .putExpressionValue(":user", AttributeValue.fromS(userId)).build())
                .build();
    }
}
