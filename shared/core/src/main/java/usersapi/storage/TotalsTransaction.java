package usersapi.storage;

import java.math.BigInteger;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import usersapi.table.StorageTotalsTable;

/** The common part of the transactions that change a total. */
final class TotalsTransaction {

    private TotalsTransaction() {}

    /** Adds to the user's total, and creates it if there is none; the transaction fails if the user was deleted. */
    static TransactWriteItem add(StorageTotalsTable table, String userId, BigInteger bytes, int files) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table.name()).key(StorageTotalsTable.total(userId))
                        .updateExpression("ADD %s :bytes, %s :files".formatted(StorageTotalsTable.TOTAL_BYTES,
                                StorageTotalsTable.FILE_COUNT.name()))
                        .conditionExpression("attribute_not_exists(%s)".formatted(StorageTotalsTable.DELETED.name()))
                        .expressionAttributeValues(
                                Map.of(":bytes", AttributeValue.fromN(bytes.toString()), ":files", number(files))))
                .build();
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
