package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.standin.Template;
import usersapi.storage.FileSettlement;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** With any failure of AWS an invocation ends before Lambda's time-out, with an answer and a log line. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class TimeLimitsTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    /** Half a second more than an invocation keeps for its answer. */
    private static final Duration SHORT = Duration.ofMillis(1_500);

    static Stream<String> functions() {
        return TABLES.template().functions().stream().filter(function -> function.codeUri().contains("users.zip"))
                .map(Template.Function::id);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void whereAwsIsSilentAnInvocationEndsByItself(String id) {
        var function = TABLES.template().function(id);
        var user = Invocation.signIn(TABLES, UUID.randomUUID() + "@example.com");
        store(user.userId());
        try (var dynamoDb = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"));
                var secrets = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"))) {
            var handler = function.instance(Environment.class,
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.endpoint(),
                            "AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.endpoint()))::get);
            dynamoDb.failAll(Fault.SILENCE);
            secrets.failAll(Fault.SILENCE);
            var context = new RecordingContext(id, SHORT);

            try {
                context.invoke(handler, Invocation.event(function, user));
            } catch (RuntimeException failed) {
                assertThat(failed).hasMessageContaining("Internal error");
            }

            assertThat(context.lines()).last().asString().containsAnyOf("\"failed\"", "\"unsettled\"");
            // An attempt ends after two seconds without an answer. So a second one would be after the deadline. A key may be
            // fetched beside a read.
            assertThat(dynamoDb.requests()).isLessThanOrEqualTo(1);
            assertThat(secrets.requests()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aThrottledReadIsTriedAsLongAsTheInvocationHasTime() {
        var user = Invocation.signIn(TABLES, "throttled@example.com");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var throttled = new Fault[18];
            Arrays.fill(throttled, Fault.THROTTLED);
            network.failNext(throttled);

            assertThat(Invocation.ok(
                    new GetStorageSummaryHandler(
                            TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get),
                    Invocation.event("get-storage-summary", user.userId())).get("file_count")).isEqualTo(0L);
        }
    }

    @Test
    void theReserveIsEnoughForOneMoreFile() {
        assertThat(FileSettlement.MAX_TIME).isLessThan(Duration.ofMillis(SettleStorageHandler.RESERVE_MILLIS))
                .isLessThan(Duration.ofMillis(RecountStorageHandler.RESERVE_MILLIS));
    }

    @Test
    void aServiceThatNeverAnswersIsAnOutageWithAnErrorInTheLog() {
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            network.failAll(Fault.SILENCE);
            var context = new RecordingContext("GetStorageSummary", SHORT);

            var answer = context.invoke(
                    new GetStorageSummaryHandler(
                            TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get),
                    Invocation.event("get-storage-summary", "anybody"));

            assertThat(Invocation.json(answer).get("statusCode")).isEqualTo(500L);
            assertThat(context.lines()).singleElement().asString().contains("\"outcome\":\"failed\"",
                    ApiCallTimeoutException.class.getName());
        }
    }

    /** The file of the events, as the file service writes it. */
    private static void store(String userId) {
        TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5")), userId,
                "holiday.jpg");
    }
}
