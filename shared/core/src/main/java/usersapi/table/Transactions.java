package usersapi.table;

import java.util.List;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Writes transactions: all of one, or nothing. */
public final class Transactions {

    private Transactions() {}

    /**
     * Writes the transaction. While it is throttled it is tried again, until the invocation's time is nearly used.
     *
     * @return false if a race was lost: a condition does not hold, or one of the items is in another transaction
     */
    public static boolean write(DynamoDbEnhancedClient dynamoDb, TransactWriteItemsEnhancedRequest transaction) {
        return write(() -> dynamoDb.transactWriteItems(transaction), Retries.ofInvocation());
    }

    /** The same, by the low-level client. */
    public static boolean write(DynamoDbClient dynamoDb, List<TransactWriteItem> items, Retries retries) {
        return write(() -> dynamoDb.transactWriteItems(transaction -> transaction.transactItems(items)), retries);
    }

    private static boolean write(Runnable transaction, Retries retries) {
        while (true) {
            try {
                transaction.run();
                return true;
            } catch (DynamoDbException e) {
                switch (Cancellation.cause(e)) {
                    case PASSING -> retries.backOff(e);
                    case LOST_RACE -> {
                        return false;
                    }
                    case FAULT -> throw e;
                }
            }
        }
    }
}
