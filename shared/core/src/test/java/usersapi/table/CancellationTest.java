package usersapi.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import usersapi.table.Cancellation.Cause;

class CancellationTest {

    /** Every code of TransactWriteItems' reference, alone and together. */
    @ParameterizedTest
    @CsvSource({"ThrottlingError,PASSING", "None ProvisionedThroughputExceeded,PASSING",
            "ThrottlingError ProvisionedThroughputExceeded None,PASSING", "RequestLimitExceeded,PASSING",
            "TransactionConflict,LOST_RACE", "ThrottlingError TransactionConflict,LOST_RACE",
            "ConditionalCheckFailed,LOST_RACE", "None ConditionalCheckFailed ThrottlingError,LOST_RACE",
            "ConditionalCheckFailed TransactionConflict,LOST_RACE", "ItemCollectionSizeLimitExceeded,FAULT",
            "ValidationError,FAULT", "ThrottlingError ValidationError,FAULT",
            "TransactionConflict ValidationError,FAULT",
            "None,FAULT", "NotInventedYet,FAULT"})
    void tellsTheReasonsOfACancelledTransactionApart(String codes, Cause cause) {
        assertThat(Cancellation.cause(cancelled(codes.split(" ")))).isEqualTo(cause);
        assertThat(Cancellation.isPassing(cancelled(codes.split(" ")))).isEqualTo(cause == Cause.PASSING);
    }

    @Test
    void tellsOtherRefusalsApart() {
        assertThat(List.of(TransactionConflictException.builder().build(),
                TransactionInProgressException.builder().build(), error("ThrottlingException"),
                error("RequestLimitExceeded"),
                ProvisionedThroughputExceededException.builder()
                        .awsErrorDetails(details("ProvisionedThroughputExceededException")).build()))
                .extracting(Cancellation::cause).containsOnly(Cause.PASSING);
        assertThat(List.of(error("ValidationException"), error("ResourceNotFoundException"),
                new IllegalStateException())).extracting(Cancellation::cause).containsOnly(Cause.FAULT);
        assertThat(Cancellation.cause(TransactionCanceledException.builder().build())).isEqualTo(Cause.FAULT);
    }

    private static TransactionCanceledException cancelled(String... codes) {
        return TransactionCanceledException.builder().cancellationReasons(
                Stream.of(codes).map(code -> CancellationReason.builder().code(code).build()).toList()).build();
    }

    private static DynamoDbException error(String code) {
        return (DynamoDbException) DynamoDbException.builder().awsErrorDetails(details(code)).build();
    }

    private static AwsErrorDetails details(String code) {
        return AwsErrorDetails.builder().errorCode(code).build();
    }
}
