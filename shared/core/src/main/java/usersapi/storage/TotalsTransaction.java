package usersapi.storage;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.table.Cancellation;
import usersapi.table.StorageTotalsTable;

/** What the transactions that move a total have in common. */
final class TotalsTransaction {

    private TotalsTransaction() {}

    /** Adds to the user's total; makes it where there is none. */
    static TransactWriteItem add(StorageTotalsTable table, String userId, BigInteger bytes, int files) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table.name()).key(StorageTotalsTable.total(userId))
                        .updateExpression("ADD %s :bytes, %s :files".formatted(StorageTotalsTable.TOTAL_BYTES,
                                StorageTotalsTable.FILE_COUNT.name()))
                        .expressionAttributeValues(
                                Map.of(":bytes", AttributeValue.fromN(bytes.toString()), ":files", number(files))))
                .build();
    }

    /** False if a condition does not hold any more. */
    static boolean write(DynamoDbClient dynamoDb, List<TransactWriteItem> items) {
        try {
            dynamoDb.transactWriteItems(transaction -> transaction.transactItems(items));
            return true;
        } catch (TransactionCanceledException e) {
            if (Cancellation.isCondition(e)) {
                return false;
            }
            throw e;
        }
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
