package usersapi.table;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Makes a unique thing belong to one user only.
 *
 * @param id the claimed thing, for example {@link UsersTable#emailClaim}
 * @param userId external id of the owner
 */
public record Claim(String id, String userId) {

    private static final RecordSchema<Claim> SCHEMA = RecordSchema
            .of(item -> new Claim(item.get(UsersTable.ID), item.get(Attribute.EXTERNAL_ID)))
            .key(UsersTable.ID, Claim::id).with(Attribute.EXTERNAL_ID, Claim::userId);

    /** The user who has the claim, read consistently. */
    public static Optional<String> owner(DynamoDbClient dynamoDb, UsersTable users, String id) {
        return SCHEMA.find(dynamoDb, users.name(), UsersTable.attributes(id)).map(Claim::userId);
    }

    /** Makes the claim in a transaction, which fails if anybody has it. */
    public TransactWriteItem making(UsersTable users) {
        return Transactions.put(users.name(), SCHEMA.write(this), Condition.isNew(UsersTable.ID));
    }

    /** Makes the claim in a transaction, which fails if another user has it. */
    public TransactWriteItem keeping(UsersTable users) {
        return Transactions.put(users.name(), SCHEMA.write(this), isNotAnothers());
    }

    /** Deletes the claim in a transaction, which fails if another user has it. */
    public TransactWriteItem deletion(UsersTable users) {
        return Transactions.delete(users.name(), UsersTable.attributes(id), isNotAnothers());
    }

    private Condition isNotAnothers() {
        return new Condition(
                "attribute_not_exists(%s) OR %s = :user".formatted(UsersTable.ID.name(), Attribute.EXTERNAL_ID.name()),
                Map.of(":user", AttributeValue.fromS(userId)));
    }
}
