package usersapi.subscription;

import static usersapi.table.UsersTable.CHECKOUT_NUMBER;
import static usersapi.table.UsersTable.ID;

import jakarta.inject.Inject;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.table.Condition;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;

/** The users' attempts to check out: part of each user's profile. */
public final class CheckoutRepository {

    private final DynamoDbClient dynamoDb;
    private final String table;

    @Inject
    CheckoutRepository(DynamoDbClient dynamoDb, UsersTable users) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
    }

    /**
     * Begins an attempt in place of the one that was read.
     *
     * @return false if another request has begun one meanwhile, or the user was deleted; then nothing changed
     */
    public boolean start(Subscriber read, CheckoutAttempt attempt) {
        var last = read.checkout().map(CheckoutAttempt::number).map(number -> AttributeValue.fromN(number.toString()));
        try {
            dynamoDb.updateItem(Started.SCHEMA.update(new Started(UsersTable.profile(read.userId()), attempt),
                    Condition.isStill(ID, CHECKOUT_NUMBER, last)).request(table));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** The part of the profile that this class writes; an update touches no other attribute. */
    private record Started(String id, CheckoutAttempt attempt) {

        static final RecordSchema<Started> SCHEMA = RecordSchema
                .of(item -> new Started(item.get(ID), item.get(CheckoutAttempt.SCHEMA)))
                .key(ID, Started::id).with(CheckoutAttempt.SCHEMA, Started::attempt);
    }
}
