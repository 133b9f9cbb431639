package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.credential.Sha256;
import usersapi.json.JsonObject;
import usersapi.standin.Template;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;
import usersapi.wiring.CoreModule;

/**
 * With any failure of AWS an invocation ends before Lambda's time-out, with an answer and a log line. This is for
 * invocations without races, after which a function tries again with answered calls.
 */
@Timeout(120)
class TimeLimitsTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    static Stream<String> functions() {
        return TABLES.template().functions().stream().filter(function -> function.codeUri().contains("users.zip"))
                .map(Template.Function::id);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void allCallsOfAnInvocationFitIntoItsTimeOut(String id) {
        assertThat(CoreModule.CALL_TIMEOUT.multipliedBy(mostCalls(id))).isPositive()
                .isLessThan(TABLES.template().function(id).timeout());
    }

    @Test
    void theReserveIsEnoughForOneMoreFile() {
        assertThat(CoreModule.CALL_TIMEOUT.multipliedBy(mostCalls("SettleStorage")))
                .isLessThan(Duration.ofMillis(SettleStorageHandler.RESERVE_MILLIS));
        assertThat(CoreModule.CALL_TIMEOUT.multipliedBy(mostCalls("RecountStorage")))
                .isLessThan(Duration.ofMillis(RecountStorageHandler.RESERVE_MILLIS));
    }

    @Test
    void aServiceThatNeverAnswersIsAnOutageWithALogLine() {
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            network.failNext(Fault.SILENCE, Fault.SILENCE, Fault.SILENCE, Fault.SILENCE);
            var context = new RecordingContext("GetStorageSummary");

            var answer = context.invoke(
                    new GetStorageSummaryHandler(
                            TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get),
                    Invocation.event("get-storage-summary", "anybody"));

            assertThat(Invocation.json(answer).get("statusCode")).isEqualTo(500L);
            assertThat(context.lines()).singleElement().asString().contains("\"outcome\":\"failed\"",
                    ApiCallTimeoutException.class.getName());
        }
    }

    /**
     * The number of the function's calls of AWS for its event, when it has to fetch its secrets and to look for a missing
     * key of the key ring.
     */
    private static int mostCalls(String id) {
        var function = TABLES.template().function(id);
        var user = Invocation.signIn(TABLES, UUID.randomUUID() + "@example.com");
        store(user.userId());
        var event = Invocation.event(function, user)
                .replace("jane@example.com", UUID.randomUUID() + "@example.com")
                .replace("{\"all\": true}", "{\"external_id\": \"%s\"}".formatted(user.userId()));
        TABLES.putSecret(TABLES.variable("TOKEN_KEY_SECRET"),
                new JsonObject().put("current", user.userId()).put(user.userId(), Sha256.hex("k")).toJson());
        try (var dynamoDb = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"));
                var secrets = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"))) {
            var handler = function.instance(Environment.class,
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.endpoint(),
                            "AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.endpoint()))::get);
            new RecordingContext(id).invoke(handler, event);
            return dynamoDb.requests() + secrets.requests();
        }
    }

    /** The file of the events, as the file service writes it. */
    private static void store(String userId) {
        TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5")), userId,
                "holiday.jpg");
    }
}
