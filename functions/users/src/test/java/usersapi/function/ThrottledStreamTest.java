package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.standin.TemplateSource;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/**
 * A stream whose batches DynamoDB throttles for ten minutes. The records' times of arrival simulate the minutes, and the
 * event source mapping is that of template.yaml.
 */
class ThrottledStreamTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final Duration OUTAGE = Duration.ofMinutes(10);
    private static final Duration BETWEEN_DELIVERIES = Duration.ofMinutes(5);
    /** Time for one file in each delivery; the others are delivered again. */
    private static final Duration INVOCATION = Duration.ofSeconds(14);

    private final Map<?, ?> mapping = properties("ChangesOfFiles");

    @Test
    void tenMinutesLoseNoRecordAndSetNoneAside() {
        var files = List.of("a", "b", "c");
        files.forEach(file -> TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5")), "busy", file));
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var handler = new SettleStorageHandler(
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
            network.failAll(Fault.CANCELLED_THROTTLED);
            for (var age = Duration.ZERO; age.compareTo(OUTAGE) <= 0; age = age.plus(BETWEEN_DELIVERIES)) {
                assertThat(isStillDelivered(age)).as("after %s", age).isTrue();
                var context = new RecordingContext("SettleStorage", INVOCATION);

                var answer = Invocation.json(context.invoke(handler, event(age, files)));

                assertThat((List<?>) answer.get("batchItemFailures")).as("after %s", age).hasSize(3);
                assertThat(Invocation.json(context.lines().getLast()).members())
                        .containsEntry("outcome", "unsettled").containsEntry("set_aside", 0L);
            }
            network.heal();

            var answer = Invocation.invoke(handler, event(OUTAGE, files));

            assertThat((List<?>) answer.get("batchItemFailures")).isEmpty();
            assertThat(Invocation.ok(new GetStorageSummaryHandler(TABLES::variable),
                    Invocation.event("get-storage-summary", "busy")).toJson())
                    .isEqualTo("{\"total_bytes\":15,\"file_count\":3}");
        }
    }

    @Test
    void aMalformedRecordIsSetAsideWithinMinutesAndOthersDoNotWaitForIt() {
        TABLES.put("Files", Map.of("status", AttributeValue.fromS("LOST")), "odd", "malformed");
        TABLES.put("Files", Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5")),
                "odd", "good");
        var handler = new SettleStorageHandler(TABLES::variable);

        var young = Invocation.invoke(handler, event("odd", Duration.ZERO, List.of("malformed", "good")));
        var old = Invocation.log(handler, event("odd", Duration.ofMinutes(2), List.of("malformed", "good")));

        assertThat((List<?>) young.get("batchItemFailures")).hasSize(1);
        assertThat(old.getLast().members()).containsEntry("outcome", "set_aside").containsEntry("set_aside", 1L)
                .containsEntry("unsettled", 0L);
        assertThat(old.getFirst().members()).containsEntry("file_id", "malformed").containsEntry("malformed",
                "status");
    }

    /** Two alarms watch throttling; the alarm of the callers' errors is not one of them. */
    @Test
    void tenMinutesPageNoOperator() {
        var throttles = properties("TableThrottles");
        assertThat(Duration.ofMinutes((Integer) throttles.get("DatapointsToAlarm"))).isGreaterThan(OUTAGE);
        assertThat(throttles.get("Metrics").toString()).contains("Period=60");
        assertThat(Duration.ofMillis((Integer) properties("StorageBehind").get("Threshold"))).isGreaterThan(OUTAGE);
        assertThat(properties("FilesSetAside").get("Dimensions").toString()).contains("set_aside");
        assertThat(TemplateSource.read().section("Resources").values().stream().map(Object::toString))
                .noneMatch(resource -> resource.contains("AWS::CloudWatch::Alarm") && resource.contains("unsettled"));
    }

    /** Whether Lambda still delivers a record of this age (Developer Guide, «Retaining discarded batches»). */
    private boolean isStillDelivered(Duration age) {
        return mapping.get("MaximumRetryAttempts").equals(-1)
                && age.compareTo(Duration.ofSeconds((Integer) mapping.get("MaximumRecordAgeInSeconds"))) < 0;
    }

    private static Map<?, ?> properties(String resource) {
        return (Map<?, ?>) TemplateSource.read().section("Resources").get(resource).get("Properties");
    }

    private static String event(Duration age, List<String> files) {
        return event("busy", age, files);
    }

    private static String event(String user, Duration age, List<String> files) {
        var arrival = Instant.now().minus(age).getEpochSecond();
        var records = new ArrayList<JsonObject>();
        files.forEach(file -> records.add(new JsonObject().put("dynamodb",
                new JsonObject().put("ApproximateCreationDateTime", arrival)
                        .put("SequenceNumber", Integer.toString(records.size()))
                        .put("Keys", new JsonObject().put("external_id", new JsonObject().put("S", user))
                                .put("file_id", new JsonObject().put("S", file))))));
        return new JsonObject().put("Records", records).toJson();
    }
}
