package usersapi.subscription;

import static usersapi.table.UsersTable.CUSTOMER_ID;
import static usersapi.table.UsersTable.ID;

import dagger.Lazy;
import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactPutItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactUpdateItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.Claim;
import usersapi.table.Conditions;
import usersapi.table.RecordSchema;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;

/** Maps users to customers at Stripe, one to one. */
public final class CustomerRepository {

    private final DynamoDbClient dynamoDb;
    private final Lazy<DynamoDbEnhancedClient> enhanced;
    private final String table;

    @Inject
    CustomerRepository(DynamoDbClient dynamoDb, Lazy<DynamoDbEnhancedClient> enhanced, UsersTable users) {
        this.dynamoDb = dynamoDb;
        this.enhanced = enhanced;
        this.table = users.name();
    }

    /** The user with this customer. */
    public Optional<String> owner(String customerId) {
        var key = UsersTable.attributes(UsersTable.customerClaim(customerId));
        var claim = dynamoDb.getItem(get -> get.tableName(table).key(key).consistentRead(true)).item();
        return Optional.ofNullable(Claim.SCHEMA.read(claim)).map(Claim::userId);
    }

    /**
     * Gives the user this customer, in place of the one that was read.
     *
     * @return false if the user has got another customer meanwhile or was deleted, or the customer is another user's; then
     *     nothing changed
     */
    public boolean assign(Subscriber read, String customerId) {
        var userId = read.userId();
        var profiles = enhanced.get().table(table, Assigned.SCHEMA.enhanced());
        var claims = enhanced.get().table(table, Claim.SCHEMA.enhanced());
        var write = TransactWriteItemsEnhancedRequest.builder()
                .addUpdateItem(profiles, TransactUpdateItemEnhancedRequest.builder(Assigned.class)
                        .item(new Assigned(UsersTable.profile(userId), customerId)).conditionExpression(Conditions
                                .isStill(ID, CUSTOMER_ID, read.customerId().map(AttributeValue::fromS)))
                        .build())
                .addPutItem(claims, TransactPutItemEnhancedRequest.builder(Claim.class)
                        .item(new Claim(UsersTable.customerClaim(customerId), userId))
                        .conditionExpression(Claim.isNotAnothers(userId)).build());
        read.customerId().filter(old -> !old.equals(customerId))
                .ifPresent(old -> write.addDeleteItem(claims, Claim.deletion(UsersTable.customerClaim(old), userId)));
        return Transactions.write(enhanced.get(), write);
    }

    /** The part of the profile that this class writes; an update touches no other attribute. */
    private record Assigned(String id, String customerId) {

        static final RecordSchema<Assigned> SCHEMA = RecordSchema
                .of(Assigned.class, item -> new Assigned(item.get(ID), item.get(CUSTOMER_ID)))
                .partitionKey(ID, Assigned::id).with(CUSTOMER_ID, Assigned::customerId);
    }
}
