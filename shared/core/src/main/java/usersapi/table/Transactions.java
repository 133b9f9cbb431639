package usersapi.table;

import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Writes transactions. */
public final class Transactions {

    private Transactions() {}

    /**
     * Writes the transaction. While it is throttled or not answered, it is repeated until the invocation's time is nearly
     * used. An idempotency token keeps it from being written twice (API Reference, TransactWriteItems,
     * «ClientRequestToken»).
     *
     * @return false if a race was lost: a condition failed, or one of the items is in another transaction
     */
    public static boolean write(DynamoDbEnhancedClient dynamoDb,
            TransactWriteItemsEnhancedRequest.Builder transaction) {
        var request = transaction.clientRequestToken(token()).build();
        return write(() -> dynamoDb.transactWriteItems(request), Retries.ofInvocation());
    }

    /** The same, by the low-level client and with these retries. */
    public static boolean write(DynamoDbClient dynamoDb, List<TransactWriteItem> items, Retries retries) {
        var token = token();
        return write(() -> dynamoDb.transactWriteItems(
                transaction -> transaction.transactItems(items).clientRequestToken(token)), retries);
    }

    private static String token() {
        return UUID.randomUUID().toString();
    }

    private static boolean write(Runnable transaction, Retries retries) {
        while (true) {
            try {
                transaction.run();
                return true;
            } catch (SdkException e) {
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
