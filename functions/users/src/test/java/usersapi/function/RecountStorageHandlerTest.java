package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.standin.LocalContext;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

class RecountStorageHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String JANE = "1a".repeat(16);
    private static final String JOHN = "2b".repeat(16);
    private static final String JACK = "3c".repeat(16);
    private static final String JIM = "4d".repeat(16);
    private static final String JOAN = "5e".repeat(16);
    private static final String JUNE = "6f".repeat(16);

    private static final String REFUSAL = "from: must be the next of an earlier answer to the same input";

    private final RecountStorageHandler handler = new RecountStorageHandler(TABLES::variable);

    @Test
    void recountsOneUserAndThenEverybody() {
        putFile(JANE, "f");
        putFile(JOHN, "f");

        assertThat(recount(JANE).toJson()).isEqualTo(
                "{\"message\":\"ok\",\"files\":1,\"changed\":1,\"unsettled\":0,\"next\":null}");
        assertThat(Invocation.invoke(handler, "{\"all\":true}").get("changed")).isEqualTo(1L);
        assertThat(Invocation.invoke(handler, "{\"all\":true}").get("changed")).isEqualTo(0L);
    }

    @Test
    void countsNoLongerWhatIsGone() {
        putFile(JACK, "f");
        assertThat(recount(JACK).get("changed")).isEqualTo(1L);
        TABLES.delete("Files", JACK, "f");

        assertThat(recount(JACK).get("changed")).isEqualTo(1L);

        assertThat(TABLES.item("StorageTotals", JACK, "file#f")).isEmpty();
        assertThat(TABLES.item("StorageTotals", JACK, "total").orElseThrow().get("total_bytes").n()).isEqualTo("0");
    }

    @Test
    void aFileThatCannotBeSettledIsLoggedAndItsUserNamed() {
        TABLES.put("Files", Map.of("status", AttributeValue.fromS("?")), JUNE, "f");
        var context = new RecordingContext("RecountStorage");

        var answer = Invocation.json(context.invoke(handler, "{\"all\":true,\"segment\":1,\"segments\":1}"));

        assertThat(answer.members()).containsEntry("unsettled", 1L).containsEntry("failed_users", List.of(JUNE));
        assertThat(context.lines()).first().asString().contains("\"level\":\"ERROR\"", JUNE);
        assertThat(context.lines()).last().asString().contains("\"outcome\":\"unsettled\"");
        TABLES.delete("Files", JUNE, "f");
    }

    @Test
    void goesOnFromAnEarlierAnswer() {
        IntStream.range(0, 3).forEach(i -> putFile(JIM, "f" + i));
        var files = new AtomicLong();
        var next = Optional.<String>empty();
        do {
            var answer = hurried(next.map(from -> "{\"external_id\":\"%s\",\"from\":\"%s\"}".formatted(JIM, from))
                    .orElse("{\"external_id\":\"%s\",\"from\":null}".formatted(JIM)));
            files.addAndGet((Long) answer.get("files"));
            next = answer.string("next");
        } while (next.isPresent());

        assertThat(files).hasValue(3);
    }

    @Test
    void goesOnOnlyWhereItStoppedForTheSameInput() {
        putFile(JOAN, "f");
        var next = hurried("{\"external_id\":\"%s\"}".formatted(JOAN)).string("next").orElseThrow();
        assertThat(new String(Base64.getUrlDecoder().decode(next), StandardCharsets.ISO_8859_1)).doesNotContain("@");

        assertThat(from("\"external_id\":\"%s\"".formatted(JOAN), next)).isEmpty();
        for (var other : List.of("\"all\":true", "\"external_id\":\"%s\"".formatted(JANE))) {
            assertThat(from(other, next)).contains(REFUSAL);
        }
        assertThat(Invocation.invoke(new ReencryptTokensHandler(TABLES::variable),
                "{\"external_id\":\"%s\",\"from\":\"%s\"}".formatted(JOAN, next)).string("detail")).contains(REFUSAL);
        assertThat(from("\"external_id\":\"%s\"".formatted(JOAN), next.substring(0, next.length() - 4)))
                .contains(REFUSAL);
    }

    private Optional<String> from(String whom, String next) {
        return Invocation.invoke(handler, "{%s,\"from\":\"%s\"}".formatted(whom, next)).string("detail");
    }

    /** Invokes it with time for one file. */
    private JsonObject hurried(String event) {
        var answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer,
                    new LocalContext("RecountStorage", Duration.ofMillis(RecountStorageHandler.RESERVE_MILLIS), 1_024,
                            line -> {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Invocation.json(answer.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"all\":false}", "{\"external_id\":\"u\",\"all\":true}", "{\"external_id\":5}",
            "{\"all\":\"true\"}"})
    void asksForAUserOrAll(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("either external_id: a user's external id, or all: true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"pk\":\"x\",\"sk\":\"y\"}", "{}", "5", "\"\"", "\"AAAA\"", "\"no base64\"",
            "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""})
    void refusesToGoOnFromElsewhere(String from) {
        for (var whom : List.of("\"external_id\":\"%s\"".formatted(JANE), "\"all\":true")) {
            assertThat(Invocation.invoke(handler, "{" + whom + ",\"from\":" + from + "}").string("detail"))
                    .contains(REFUSAL);
        }
    }

    private JsonObject recount(String userId) {
        return Invocation.invoke(handler, Invocation.event("recount-storage", userId));
    }

    /** A file of five bytes. */
    private static void putFile(String userId, String fileId) {
        TABLES.put("Files", Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5")),
                userId, fileId);
    }
}
