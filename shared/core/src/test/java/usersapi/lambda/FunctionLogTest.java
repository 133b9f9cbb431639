package usersapi.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.api.client.logging.LambdaContextLogger;
import com.amazonaws.services.lambda.runtime.api.client.logging.LogSink;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.json.JsonObject;
import usersapi.standin.LocalContext;
import usersapi.standin.Template;
import usersapi.testing.LogLine;
import usersapi.testing.RecordingContext;

class FunctionLogTest {

    private static final String ID = "11111111-2222-3333-4444-55555555aBcD";
    private static final String REQUEST = """
            {"httpMethod":"GET","resource":"/api/users/me","requestContext":{"requestId":"%s"}}""".formatted(ID);

    private final RecordingContext context = new RecordingContext("Probe");

    @Test
    void oneLineHasTheOutcomeOfAnInvocationAndCountsIt() {
        invoke(answering(FunctionResult.ok(new JsonObject(), new JsonObject().put("user_id", "jane"))), REQUEST,
                context);

        assertThat(context.lines()).singleElement().asString()
                .matches("\\{\"timestamp\":\"[^\"]+Z\",\"level\":\"INFO\",\"function\":\"Probe\","
                        + "\"lambda_request_id\":\"" + context.getAwsRequestId() + "\",\"request_id\":\"" + ID + "\","
                        + "\"route\":\"GET /api/users/me\",\"outcome\":\"ok\",\"duration_ms\":[0-9]+,"
                        + "\"user_id\":\"jane\",\"Invocations\":1,\"_aws\":\\{\"Timestamp\":[0-9]{13},"
                        + "\"CloudWatchMetrics\":\\[\\{\"Namespace\":\"stack\""
                        + ",\"Dimensions\":\\[\\[\"outcome\"]],"
                        + "\"Metrics\":\\[\\{\"Name\":\"Invocations\",\"Unit\":\"Count\"}]}]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "jane@example.com",
            "11111111-2222-3333-4444-55555555555g", "11111111-2222-3333-4444-5555555555555"})
    void anIdThatTheClientMadeUpIsNotWritten(String id) {
        invoke(answering(FunctionResult.ok(new JsonObject(), new JsonObject())), REQUEST.replace(ID, id), context);

        assertThat(context.lines()).singleElement().asString().doesNotContain(id)
                .contains("\"request_id\":\"\",\"route\":\"GET /api/users/me\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/users/jane@example.com", "/api/users/me/", "/", "*"})
    void aRouteThatTheInvokerMadeUpIsNotWritten(String resource) {
        invoke(answering(FunctionResult.ok(new JsonObject(), new JsonObject())),
                REQUEST.replace("/api/users/me", resource), context);

        assertThat(context.lines()).singleElement().asString().contains("\"route\":\"unknown\"");
    }

    @Test
    void namesARouteOnlyWhereThereIsOne() {
        invoke(answering(FunctionResult.invalid("email: must be an e-mail address")), "{}", context);

        assertThat(context.lines()).singleElement().asString().contains("\"outcome\":\"invalid\"")
                .doesNotContain("request_id\":\"\"", "route", "e-mail");
    }

    @ParameterizedTest
    @EnumSource
    void everyOutcomeIsAWordForADimension(Outcome outcome) {
        invoke(answering(new FunctionResult(new JsonObject(), outcome, new JsonObject())), REQUEST, context);

        assertThat(context.lines()).singleElement()
                .satisfies(line -> assertThat(LogLine.of(line).json().path("outcome").asText()).matches("[a-z_]+"));
    }

    @ParameterizedTest
    @EnumSource
    void theRunBookExplainsEveryOutcome(Outcome outcome) throws IOException {
        assertThat(Files.readString(Template.projectDirectory().resolve("docs/operate.md")))
                .contains("\n| `%s` | %s | ".formatted(outcome.word(), outcome.level()));
    }

    @Test
    void theLineStaysOneWithAnyDetail() {
        var details = new JsonObject().put("file_id", "a\nb\r\u2028\u0000\"\\\ud800").put("user_id", null);
        invoke(answering(FunctionResult.ok(new JsonObject(), details)), REQUEST, context);
        FunctionLog.error(context, details);

        assertThat(context.lines()).hasSize(2).allSatisfy(line -> assertThat(LogLine.of(line).json().path("file_id")
                .asText()).isEqualTo("a\nb\r\u2028\u0000\"\\?"));
        assertThat(context.lines()).map(LogLine::of).map(LogLine::hasMetrics).containsExactly(true, false);
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAFailure() {
        var unwritable = answering(FunctionResult.ok(new JsonObject().put("text", new Object()), new JsonObject()));

        assertThatThrownBy(() -> invoke(unwritable, REQUEST, context)).hasMessageStartingWith("Internal error");

        assertThat(context.lines()).singleElement().asString().contains("\"level\":\"ERROR\"",
                "\"outcome\":\"failed\"", "\"route\":\"GET /api/users/me\"");
    }

    /** With a string it would write the line as the text of a line of its own, under the format JSON. */
    @ParameterizedTest
    @EnumSource
    void lambdaWritesTheLineAsItIs(LogFormat format) throws IOException {
        var sink = new Sink();
        try (var logger = new LambdaContextLogger(sink, LogLevel.INFO, format)) {
            invoke(answering(FunctionResult.ok(new JsonObject(), new JsonObject())), REQUEST, logging(logger));
        }

        assertThat(sink.lines).singleElement().asString().endsWith("}\n")
                .satisfies(line -> assertThat(LogLine.of(line.strip()).hasMetrics()).isTrue());
    }

    private static final class Sink implements LogSink {

        private final List<String> lines = new ArrayList<>();

        @Override
        public void log(byte[] message) {
            lines.add(new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void log(LogLevel level, LogFormat format, byte[] message) {
            log(message);
        }

        @Override
        public void close() {}
    }

    private static Context logging(LambdaLogger logger) {
        return new LocalContext("Probe", Duration.ofSeconds(10), 1_024, line -> {}) {
            @Override
            public LambdaLogger getLogger() {
                return logger;
            }
        };
    }

    private static JsonFunction answering(FunctionResult result) {
        return new JsonFunction(Map.of("METRICS_NAMESPACE", "stack")::get) {
            @Override
            protected FunctionResult invoke(JsonObject event, Context context) {
                return result;
            }
        };
    }

    private static void invoke(JsonFunction function, String event, Context context) {
        try {
            function.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                    new ByteArrayOutputStream(), context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
