package usersapi.table;

import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Why DynamoDB refused a write (API Reference, TransactWriteItems, «TransactionCanceledException»). */
public final class Cancellation {

    private Cancellation() {}

    /** Another write of the same item was under way: trying again is right, and the clients do. */
    public static boolean isConflict(Throwable failure) {
        return failure instanceof TransactionConflictException
                || (failure instanceof TransactionCanceledException e && has(e, "TransactionConflict")
                        && !isCondition(e));
    }

    /** A condition of the transaction does not hold: nothing was written, and trying the same again is pointless. */
    public static boolean isCondition(TransactionCanceledException failure) {
        return has(failure, "ConditionalCheckFailed");
    }

    /** The condition of the transaction's write of this index does not hold. */
    public static boolean isCondition(TransactionCanceledException failure, int index) {
        return "ConditionalCheckFailed".equals(failure.cancellationReasons().get(index).code());
    }

    /** An item is no longer as it was read, or is being written right now: nothing was written, and it is to be read again. */
    public static boolean isOvertaken(TransactionCanceledException failure) {
        return isCondition(failure) || isConflict(failure);
    }

    private static boolean has(TransactionCanceledException failure, String code) {
        return failure.cancellationReasons().stream().anyMatch(reason -> code.equals(reason.code()));
    }
}
