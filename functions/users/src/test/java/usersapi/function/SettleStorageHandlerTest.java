package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.standin.LocalContext;
import usersapi.testing.LocalTables;

class SettleStorageHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final SettleStorageHandler handler = new SettleStorageHandler(TABLES::variable);

    @Test
    void settlesTheFileOfTheEvent() {
        putFile("jane", "holiday.jpg", "AVAILABLE", "15728640");

        assertThat(failed(Invocation.event("settle-storage", "jane"))).isEmpty();

        assertThat(summary("jane")).isEqualTo("{\"total_bytes\":15728640,\"file_count\":1}");
    }

    @Test
    void aDeletedFileCountsNoLonger() {
        putFile("deleting", "a", "AVAILABLE", "5");
        failed(event(record("1", "deleting", "a")));
        TABLES.delete("Files", "deleting", "a");

        assertThat(failed(event(record("2", "deleting", "a")))).isEmpty();

        assertThat(summary("deleting")).isEqualTo("{\"total_bytes\":0,\"file_count\":0}");
    }

    @Test
    void recordsOfOneFileMayRepeat() {
        putFile("repeated", "a", "AVAILABLE", "5");

        assertThat(failed(event(record("1", "repeated", "a"), record("2", "repeated", "a"),
                record("3", "repeated", "a")))).isEmpty();

        assertThat(summary("repeated")).isEqualTo("{\"total_bytes\":5,\"file_count\":1}");
    }

    @Test
    void aMalformedRecordFailsAloneAndTheRestOfItsBatchIsSettled() {
        putFile("mixed", "good", "AVAILABLE", "5");
        putFile("mixed", "bad", "AVAILABLE", "-5");
        putFile("mixed", "also-good", "AVAILABLE", "6");

        assertThat(failed(event(record("1", "mixed", "good"), record("2", "mixed", "bad"),
                withoutFile("3"), record("4", "mixed", "a".repeat(1_020)),
                record("5", "mixed", "also-good")))).containsExactly("2", "3", "4");

        assertThat(summary("mixed")).isEqualTo("{\"total_bytes\":11,\"file_count\":2}");
    }

    @Test
    void aRecordThatCannotBeSettledNowFailsToBeTriedAgain() {
        var response = Invocation.invoke(
                new SettleStorageHandler(TABLES.variables(Map.of("FILES_TABLE", "no-such-table"))::get),
                event(record("7", "u", "f")),
                StreamsEventResponse.class);
        assertThat(response.getBatchItemFailures()).singleElement()
                .satisfies(failure -> assertThat(failure.getItemIdentifier()).isEqualTo("7"));
    }

    @Test
    void whereThereIsNoTimeToSettleAFileItFailsToBeTriedAgain() throws IOException {
        putFile("late", "a", "AVAILABLE", "5");
        var answer = new ByteArrayOutputStream();

        handler.handleRequest(
                new ByteArrayInputStream(
                        event(record("1", "late", "a")).getBytes(StandardCharsets.UTF_8)),
                answer, new LocalContext("SettleStorage",
                        Duration.ofMillis(SettleStorageHandler.RESERVE_MILLIS - 1), 1_024, line -> {}));

        assertThat(answer).hasToString("{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"}]}");
        assertThat(summary("late")).isEqualTo("{\"total_bytes\":0,\"file_count\":0}");
    }

    /** Lambda takes an empty identifier for the failure of the whole batch, so that none is lost. */
    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"Records\": {}}", "{\"Records\": [1]}", "{\"Records\": [{}]}",
            "{\"Records\": [{\"dynamodb\": {\"SequenceNumber\": 1}}]}"})
    void whatNoStreamSendsIsRefusedAndFailsAsAWhole(String event) {
        var answer = Invocation.invoke(handler, event);

        assertThat(answer.string("detail").orElseThrow()).startsWith(event.equals("[]") ? "payload: " : "Records: ");
        assertThat(answer.objects("batchItemFailures").orElseThrow()).singleElement()
                .satisfies(failure -> assertThat(failure.string("itemIdentifier")).contains(""));
    }

    private List<String> failed(String event) {
        return Invocation.invoke(handler, event, StreamsEventResponse.class).getBatchItemFailures().stream()
                .map(StreamsEventResponse.BatchItemFailure::getItemIdentifier).toList();
    }

    private static String event(JsonObject... records) {
        return new JsonObject().put("Records", List.of(records)).toJson();
    }

    private static JsonObject record(String sequenceNumber, String userId, String fileId) {
        var record = withoutFile(sequenceNumber);
        record.object("dynamodb").object("Keys").put("external_id", new JsonObject().put("S", userId)).put("file_id",
                new JsonObject().put("S", fileId));
        return record;
    }

    private static JsonObject withoutFile(String sequenceNumber) {
        return new JsonObject().put("dynamodb",
                new JsonObject().put("Keys", new JsonObject()).put("SequenceNumber", sequenceNumber));
    }

    /** Writes a record as the file service does, by the contract in docs/services.md. */
    private static void putFile(String userId, String fileId, String status, String size) {
        TABLES.put("Files", Map.of("status", AttributeValue.fromS(status), "size", AttributeValue.fromN(size)), userId,
                fileId);
    }

    private static String summary(String userId) {
        return Invocation
                .ok(new GetStorageSummaryHandler(TABLES::variable), Invocation.event("get-storage-summary", userId))
                .toJson();
    }
}
