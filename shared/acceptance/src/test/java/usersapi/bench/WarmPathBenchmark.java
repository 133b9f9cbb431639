package usersapi.bench;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.api.client.logging.LambdaContextLogger;
import com.amazonaws.services.lambda.runtime.api.client.logging.LogSink;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.bench.reference.ByHand;
import usersapi.bench.reference.SecretByHand;
import usersapi.config.Environment;
import usersapi.standin.LocalContext;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;

/**
 * Measures a warm function's own time and allocations: it gets one event repeatedly, over {@link RecordedHttp}, by Lambda's
 * serializer if it does not parse the event itself. {@code mvn -Pbenchmark} runs it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
// Does not wait for the services' threads at the end.
@Fork(value = 1, jvmArgsAppend = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djmh.shutdownTimeout=0"})
public class WarmPathBenchmark {

    /** It looks for its own random ticket in DynamoDB's answer, so a recorded answer leads it to further calls. */
    private static final String NOT_REPEATABLE = "RegenerateAccessToken";

    /** The function's name in the template. */
    @Param("")
    public String function;

    private RecordedHttp http;
    private byte[] event;
    private byte[] eventByHand;
    private RequestStreamHandler own;
    private RequestStreamHandler byHand;
    private RequestStreamHandler callsAlone;
    private List<HttpResponse<byte[]>> ownAnswers;
    private List<HttpResponse<byte[]>> byHandAnswers;
    private List<HttpResponse<byte[]>> callsAloneAnswers;

    /** A context with the logger of Lambda's runtime, whose lines go nowhere. */
    private static final class LoggingContext extends LocalContext {

        private static final LambdaLogger LOGGER = new LambdaContextLogger(new LogSink() {

            @Override
            public void log(byte[] message) {
                // Lambda's runtime would write it to a pipe.
            }

            @Override
            public void log(LogLevel level, LogFormat format, byte[] message) {
                // As above.
            }

            @Override
            public void close() {
                // There is nothing to close.
            }
        }, LogLevel.INFO, LogFormat.JSON);

        LoggingContext(String function) {
            super(function, Duration.ofMinutes(1), 1_024, line -> {});
        }

        @Override
        public LambdaLogger getLogger() {
            return LOGGER;
        }
    }

    /** Lambda's serialization of an event's bytes to an object of its class, and back. */
    private record Serialized(RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> function,
            PojoSerializer<APIGatewayProxyRequestEvent> events, PojoSerializer<APIGatewayProxyResponseEvent> answers) {

        RequestStreamHandler asStreamHandler() {
            return (in, out, context) -> answers.toJson(function.handleRequest(events.fromJson(in), context), out);
        }
    }

    /** Calls both once, to load their classes, and records the next call. */
    @Setup
    public void record() {
        http = RecordedHttp.install();
        var workload = new Workload();
        var declared = workload.template().function(function);
        own = declared.instance(Environment.class, declared.environment()::get);
        var variables = new HashMap<>(declared.environment());
        variables.put("BY_HAND_TABLE", workload.template().environment().get("CREDENTIALS_TABLE"));
        byHand = byHand(variables, workload.callsByHand(declared));
        callsAlone = byHand(variables, CallsByHand.alone(workload.operations(declared)));
        event = workload.event(declared).getBytes(StandardCharsets.UTF_8);
        eventByHand = workload.eventByHand(declared).getBytes(StandardCharsets.UTF_8);
        call(own, event);
        call(byHand, eventByHand);
        call(callsAlone, eventByHand);
        event = workload.event(declared).getBytes(StandardCharsets.UTF_8);
        eventByHand = workload.eventByHand(declared).getBytes(StandardCharsets.UTF_8);
        ownAnswers = http.record(() -> call(own, event));
        byHandAnswers = http.record(() -> call(byHand, eventByHand));
        callsAloneAnswers = http.record(() -> call(callsAlone, eventByHand));
        if (RuntimeApi.REFUSAL.matcher(own().toString(StandardCharsets.UTF_8)).find() || !http.isOver()) {
            throw new IllegalStateException("not done again over the recorded answers");
        }
    }

    private static RequestStreamHandler byHand(Map<String, String> environment, CallsByHand calls) {
        var variables = new HashMap<>(environment);
        variables.put("CALLS", calls.text());
        return new Serialized(
                new ByHand(made(DynamoDbClient.builder(), environment.get("AWS_ENDPOINT_URL_DYNAMODB"), environment),
                        id -> SecretByHand.value(made(SecretsManagerClient.builder(),
                                environment.get("AWS_ENDPOINT_URL_SECRETS_MANAGER"), environment), id),
                        variables::get),
                LambdaEventSerializers.serializerFor(APIGatewayProxyRequestEvent.class,
                        WarmPathBenchmark.class.getClassLoader()),
                GsonFactory.getInstance().getSerializer(APIGatewayProxyResponseEvent.class)).asStreamHandler();
    }

    /** The client that one would make, of this environment instead of the process's. */
    private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C made(B builder, String endpoint,
            Map<String, String> environment) {
        return builder.httpClient(UrlConnectionHttpClient.create()).endpointOverride(URI.create(endpoint))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials
                        .create(environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY"))))
                .build();
    }

    /** This project's function. */
    @Benchmark
    public ByteArrayOutputStream own() {
        http.replay(ownAnswers);
        return call(own, event);
    }

    /** The same requests to the services by hand. */
    @Benchmark
    public ByteArrayOutputStream byHand() {
        http.replay(byHandAnswers);
        return call(byHand, eventByHand);
    }

    /** The calls of DynamoDB alone, with the smallest items. */
    @Benchmark
    public ByteArrayOutputStream callsAlone() {
        http.replay(callsAloneAnswers);
        return call(callsAlone, eventByHand);
    }

    private ByteArrayOutputStream call(RequestStreamHandler handler, byte[] event) {
        var out = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event), out,
                    new LoggingContext(function));
            return out;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Prints the figures of the functions that have a snapshot, or of those of the property {@code functions}. */
    public static void main(String[] args) throws RunnerException {
        var only = System.getProperty("functions", "");
        var functions = only.isEmpty()
                ? Template.read(LocalTables.PARAMETERS, id -> id).functions().stream()
                        .filter(Template.Function::hasSnapshot).map(Template.Function::id)
                        .filter(id -> !id.equals(NOT_REPEATABLE)).toArray(String[]::new)
                : only.split(",");
        var results = List.copyOf(new Runner(new OptionsBuilder().include(WarmPathBenchmark.class.getName())
                .param("function", functions).addProfiler(GCProfiler.class).shouldFailOnError(true).build()).run());
        System.out.println(
                """

                        | function | \u00b5s | x by hand | x calls alone | KB | x by hand | x calls alone |
                        |---|---:|---:|---:|---:|---:|---:|""");
        for (var function : functions) {
            var own = find(results, function, "own");
            var byHand = find(results, function, "byHand");
            var alone = find(results, function, "callsAlone");
            System.out.printf(Locale.ROOT, "| `%s` | %.0f | %.2f | %.2f | %.0f | %.2f | %.2f |%n", function, time(own),
                    time(own) / time(byHand), time(own) / time(alone), allocated(own) / 1_000,
                    allocated(own) / allocated(byHand), allocated(own) / allocated(alone));
        }
    }

    private static RunResult find(List<RunResult> results, String function, String benchmark) {
        return results.stream().filter(result -> result.getParams().getParam("function").equals(function)
                && result.getPrimaryResult().getLabel().equals(benchmark)).findFirst().orElseThrow();
    }

    private static double time(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    private static double allocated(RunResult result) {
        return result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    }
}
