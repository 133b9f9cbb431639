package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.standin.LocalAws;
import usersapi.standin.UnsupportedTemplateException;
import usersapi.testing.Exchange;

/**
 * The fate of a stream's records, as LocalStack's authors have recorded it on AWS in
 * {@code test_lambda_integration_dynamodbstreams.snapshot.json}, with streams.yaml.
 */
class StreamPollerTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final LocalAws aws = LocalAws.inMemory();

    private LocalGateway gateway;
    private String queue;

    /** Treats a record as its name says, and notes each name. */
    public static final class Consume implements RequestStreamHandler {

        private static final Queue<String> NAMES = new ConcurrentLinkedQueue<>();
        private static volatile String answer = "";

        /** Made as the functions are. */
        public Consume(Environment environment) {
            // It needs no variable.
        }

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            var records = JSON.readTree(in).path("Records");
            records.forEach(record -> NAMES.add(name(record)));
            var failures = JSON.createObjectNode();
            var items = failures.putArray("batchItemFailures");
            for (var record : records) {
                switch (name(record)) {
                    case "throws" -> throw new IllegalStateException("on purpose");
                    case "fails" -> items.addObject().put("itemIdentifier",
                            record.path("dynamodb").path("SequenceNumber").asText());
                    case "answers" -> {
                        out.write(answer.getBytes(StandardCharsets.UTF_8));
                        return;
                    }
                    default -> {
                        // Is settled.
                    }
                }
            }
            JSON.writeValue(out, failures);
        }

        private static String name(JsonNode record) {
            return record.path("dynamodb").path("Keys").path("name").path("S").asText();
        }
    }

    private static Path template() throws URISyntaxException {
        return Path.of(StreamPollerTest.class.getResource("/streams.yaml").toURI());
    }

    @BeforeEach
    void start() throws URISyntaxException {
        Consume.NAMES.clear();
        gateway = LocalGateway.start(template(), aws, id -> id, 0);
        queue = "/local/queues/Discarded";
    }

    @AfterEach
    void stop() {
        gateway.close();
        aws.close();
    }

    private void write(String... names) {
        for (var name : names) {
            aws.dynamoDb().putItem(put -> put.tableName("Things").item(Map.of("name", AttributeValue.fromS(name))));
        }
    }

    private JsonNode messages() {
        return Exchange.of(gateway.uri(), "GET", queue).send().json().path("messages");
    }

    private JsonNode messages(int number) throws InterruptedException {
        while (messages().size() < number) {
            Thread.sleep(20);
        }
        return messages();
    }

    /** Waits until all earlier records have been handled. */
    private void settle() throws InterruptedException {
        var last = "last-" + UUID.randomUUID();
        write(last);
        while (!Consume.NAMES.contains(last)) {
            Thread.sleep(20);
        }
    }

    private static long tries(String name) {
        return Consume.NAMES.stream().filter(name::equals).count();
    }

    @ParameterizedTest
    @CsvSource({"throws, Unhandled", "fails, "})
    void tellsTheQueueOfARecordThatItGivesUp(String name, String functionError) throws InterruptedException {
        var before = Instant.now().minusSeconds(1);
        write("before", name, "after");

        var message = messages(1).get(0).path("body");

        settle();
        assertThat(messages()).hasSize(1);
        assertThat(tries(name)).isGreaterThanOrEqualTo(3);
        assertThat(Consume.NAMES).contains("before", "after");
        assertThat(message.fieldNames()).toIterable().containsExactlyInAnyOrder("requestContext", "responseContext",
                "version", "timestamp", "DDBStreamBatchInfo");
        var request = message.path("requestContext");
        assertThat(UUID.fromString(request.path("requestId").asText())).isNotNull();
        assertThat(request.path("functionArn").asText())
                .isEqualTo("arn:aws:lambda:us-east-1:123456789012:function:Consume:live");
        assertThat(request.path("condition").asText()).isEqualTo("RetryAttemptsExhausted");
        assertThat(request.path("approximateInvokeCount").asInt()).isEqualTo(3);
        var response = message.path("responseContext");
        assertThat(response.path("statusCode").asInt()).isEqualTo(200);
        assertThat(response.path("executedVersion").asText()).isEqualTo("1");
        assertThat(response.get("functionError").textValue()).isEqualTo(functionError);
        assertThat(message.path("version").asText()).isEqualTo("1.0");
        assertThat(Instant.parse(message.path("timestamp").asText())).isAfter(before);
        var batch = message.path("DDBStreamBatchInfo");
        assertThat(batch.path("shardId").asText()).startsWith("shardId-");
        assertThat(batch.path("batchSize").asInt()).isEqualTo(1);
        assertThat(batch.path("startSequenceNumber").asText()).isNotEmpty()
                .isEqualTo(batch.path("endSequenceNumber").asText());
        assertThat(batch.path("streamArn").asText()).contains("table/Things/stream/");
        assertThat(batch.path("approximateArrivalOfFirstRecord").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"batchItemFailures\": [{\"itemIdentifier\": \"foo\"}]}",
            "{\"batchItemFailures\": [{\"itemIdentifier\": \"\"}]}",
            "{\"batchItemFailures\": [{\"itemIdentifier\": null}]}", "{\"batchItemFailures\": [{\"foo\": \"bar\"}]}",
            "{\"batchItemFailures\": [{\"foo\": null}]}", "not JSON"})
    void failsTheWholeBatchForAnIdentifierThatIsUnknown(String answer) throws InterruptedException {
        Consume.answer = answer;
        write("answers");

        var message = messages(1).get(0).path("body");

        assertThat(tries("answers")).isEqualTo(3);
        assertThat(message.path("responseContext").get("functionError").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "{}", "{\"batchItemFailures\": []}", "{\"batchItemFailures\": null}"})
    void takesAnAnswerWithoutFailuresForSuccess(String answer) throws InterruptedException {
        Consume.answer = answer;
        write("answers");

        settle();

        assertThat(tries("answers")).isEqualTo(1);
        assertThat(messages()).isEmpty();
    }

    @Test
    void emptiesAQueue() throws InterruptedException {
        write("fails");
        messages(1);

        assertThat(Exchange.of(gateway.uri(), "DELETE", queue).send().status()).isEqualTo(204);

        assertThat(messages()).isEmpty();
        assertThat(Exchange.of(gateway.uri(), "GET", "/local/queues/Nothing").send().status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "StartingPosition: TRIM_HORIZON | StartingPosition: LATEST | Consume.StartingPosition: only TRIM_HORIZON works here",
            "BatchSize: 100 | TumblingWindowInSeconds: 30 | Consume.TumblingWindowInSeconds: has no counterpart here",
            "!GetAtt Discarded.Arn | !GetAtt Things.Arn | Consume.DestinationConfig: arn:aws:dynamodb:us-east-1:123456789012:table/Things is not a queue"})
    void refusesAtStartByName(String part, String instead, String message, @TempDir Path directory) throws Exception {
        var changed = Files.writeString(directory.resolve("template.yaml"),
                Files.readString(template()).replace(part, instead));

        assertThatThrownBy(() -> LocalGateway.start(changed, aws, id -> id, 0))
                .isInstanceOf(UnsupportedTemplateException.class).hasMessageStartingWith(message);
    }
}
