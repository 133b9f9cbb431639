package usersapi.table;

import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Why a write to DynamoDB failed. DynamoDB reports different reasons by one exception (API Reference, TransactWriteItems,
 * «TransactionCanceledException»); only this class tells them apart.
 */
public final class Cancellation {

    private static final String CONDITION = "ConditionalCheckFailed";
    private static final String CONFLICT = "TransactionConflict";
    private static final Set<String> THROTTLING = Set.of("ThrottlingError", "ProvisionedThroughputExceeded",
            "RequestLimitExceeded");

    /** The treatment of a failure. */
    public enum Cause {
        /**
         * The same write may succeed a little later: throttling, another write of the same single item, or no answer within
         * the time of a call. In the last case the write may have happened.
         */
        PASSING,
        /** An item is no longer as it was read, or another transaction writes it right now: read it again. */
        LOST_RACE,
        /** Trying again is pointless. */
        FAULT
    }

    private Cancellation() {}

    /** Why the write failed. */
    public static Cause cause(Throwable failure) {
        return switch (failure) {
            case TransactionCanceledException cancelled -> ofReasons(cancelled.cancellationReasons().stream()
                    .map(reason -> reason.code() == null ? "None" : reason.code()).filter(code -> !code.equals("None"))
                    .collect(Collectors.toSet()));
            case TransactionConflictException conflict -> Cause.PASSING;
            case TransactionInProgressException underWay -> Cause.PASSING;
            case ApiCallTimeoutException noAnswer -> Cause.PASSING;
            case AwsServiceException other when other.isThrottlingException() -> Cause.PASSING;
            default -> Cause.FAULT;
        };
    }

    private static Cause ofReasons(Set<String> codes) {
        if (codes.contains(CONDITION)) {
            return Cause.LOST_RACE;
        }
        boolean passes = codes.stream().allMatch(code -> code.equals(CONFLICT) || THROTTLING.contains(code));
        if (codes.isEmpty() || !passes) {
            return Cause.FAULT;
        }
        return codes.contains(CONFLICT) ? Cause.LOST_RACE : Cause.PASSING;
    }

    /** Whether the same write may be tried again. */
    public static boolean isPassing(Throwable failure) {
        return cause(failure) == Cause.PASSING;
    }

}
