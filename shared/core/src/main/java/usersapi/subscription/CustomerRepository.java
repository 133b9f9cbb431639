package usersapi.subscription;

import static usersapi.table.UsersTable.CUSTOMER_ID;
import static usersapi.table.UsersTable.ID;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.Claim;
import usersapi.table.Condition;
import usersapi.table.RecordSchema;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/** Maps users to customers at Stripe, one to one. */
public final class CustomerRepository {

    private final DynamoDbClient dynamoDb;
    private final UsersTable users;

    @Inject
    CustomerRepository(DynamoDbClient dynamoDb, UsersTable users) {
        this.dynamoDb = dynamoDb;
        this.users = users;
    }

    /** The user with this customer. */
    public Optional<String> owner(String customerId) {
        return Claim.owner(dynamoDb, users, UsersTable.customerClaim(customerId));
    }

    /**
     * Gives the user this customer, in place of the one that was read.
     *
     * @return false if the user has got another customer meanwhile or was deleted, or the customer is another user's; then
     *     nothing changed
     */
    public boolean assign(Subscriber read, String customerId) {
        var userId = read.userId();
        var assigned = Assigned.SCHEMA.update(new Assigned(UsersTable.profile(userId), customerId),
                Condition.isStill(ID, CUSTOMER_ID, read.customerId().map(AttributeValue::fromS)));
        var writes = new ArrayList<>(List.of(assigned.inTransaction(users.name()),
                new Claim(UsersTable.customerClaim(customerId), userId).keeping(users)));
        read.customerId().filter(old -> !old.equals(customerId))
                .map(old -> new Claim(UsersTable.customerClaim(old), userId).deletion(users)).ifPresent(writes::add);
        return Transactions.write(dynamoDb, writes);
    }

    /** The part of the profile that this class writes; an update touches no other attribute. */
    private record Assigned(String id, String customerId) {

        static final RecordSchema<Assigned> SCHEMA = RecordSchema
                .of(item -> new Assigned(item.get(ID), item.get(CUSTOMER_ID)))
                .key(ID, Assigned::id).with(CUSTOMER_ID, Assigned::customerId);
    }
}
