package usersapi.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.local.LocalGateway;
import usersapi.standin.Template;
import usersapi.standin.TemplateSource;
import usersapi.testing.ObjectStore;

/**
 * The state machine {@code AllUsers}, run by moto's interpreter against the real functions. They have so little time here
 * that each invocation does the minimum, and the next one continues by its cursor. One process runs all executions, because
 * moto takes seconds to start.
 */
class AllUsersTest {

    private static final int USERS = 9;
    private static final int SEGMENTS = 3;
    private static final int MOTO_IS_MISSING = 3;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern FUNCTION = Pattern.compile("function(?:%3A|:)(\\w+)");

    private static final List<String> FUNCTIONS = List.of("RecountStorage", "ReencryptTokens", "ReconcileSubscriptions",
            "ExportUser");
    private static final List<String> REFUSED = List.of("{}", "{\"function\": \"DeleteUser\"}", "{\"function\": null}");

    @TempDir
    private static Path directory;
    private static LocalGateway gateway;
    private static ObjectStore bucket;
    private static HttpServer lambda;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Map<String, AtomicInteger> INVOCATIONS = new ConcurrentHashMap<>();
    private static final Map<String, Set<Integer>> SEGMENTS_OF = new ConcurrentHashMap<>();
    private static final Map<String, JsonNode> EXECUTIONS = new HashMap<>();

    private static List<String> users;
    private static String broken;

    @BeforeAll
    static void runEachFunctionWithLittleTime() throws Exception {
        bucket = new ObjectStore("local");
        var template = directory.resolve("template.yaml");
        Files.writeString(template, Files.readString(Template.projectDirectory().resolve("template.yaml"))
                .replace("Timeout: 900", "Timeout: 35")
                .replace("AWS_ENDPOINT_URL_S3: *Endpoint", "AWS_ENDPOINT_URL_S3: " + bucket.endpoint()));
        gateway = LocalGateway.start(template, RunningApi.AWS, id -> id + "-all-users", 0);
        putAnUnreliableNetworkBefore();
        users = users();
        broken = users.getFirst();
        users.forEach(AllUsersTest::countAFileThatIsGone);
        put("Files", Map.of("external_id", text(broken), "file_id", text("broken"), "status", text("AVAILABLE"), "size",
                text("many")));
        RunningApi.AWS.dynamoDb().updateItem(update -> update.tableName(gateway.template().table("Users").name())
                .key(Map.of("id", text("user#" + broken))).updateExpression("SET checkout_number = :broken")
                .expressionAttributeValues(Map.of(":broken", text("many"))));

        var inputs = Stream.concat(FUNCTIONS.stream().map("{\"function\": \"%s\"}"::formatted), REFUSED.stream())
                .toList();
        var executions = run(inputs);
        for (int i = 0; i < inputs.size(); i++) {
            EXECUTIONS.put(i < FUNCTIONS.size() ? FUNCTIONS.get(i) : inputs.get(i), executions.get(i));
        }
    }

    @AfterAll
    static void stop() {
        lambda.stop(0);
        CLIENT.close();
        gateway.close();
        bucket.close();
        RunningApi.AWS.remove(gateway.template());
    }

    /**
     * Puts a network in front of the functions: the third invocation of each fails before it reaches it, the sixth one after
     * its work.
     */
    private static void putAnUnreliableNetworkBefore() throws IOException {
        lambda = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        lambda.createContext("/", AllUsersTest::forward);
        lambda.start();
    }

    private static void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var function = FUNCTION.matcher(exchange.getRequestURI().getRawPath()).results().findFirst().orElseThrow()
                    .group(1);
            SEGMENTS_OF.computeIfAbsent(function, any -> ConcurrentHashMap.newKeySet())
                    .add(JSON.readTree(body).path("segment").asInt());
            var number = INVOCATIONS.computeIfAbsent(function, any -> new AtomicInteger()).incrementAndGet();
            if (number == 3) {
                fail(exchange);
                return;
            }
            var request = HttpRequest.newBuilder(gateway.uri().resolve(exchange.getRequestURI().getRawPath()))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
            var reply = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (number == 6) {
                fail(exchange);
            } else {
                answer(exchange, reply.statusCode(), reply.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lambda's answer for a function that threw an exception. */
    private static void fail(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
        answer(exchange, 200, "{\"errorMessage\":\"out of order\",\"errorType\":\"OutOfOrder\"}".getBytes(UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    static List<String> functions() {
        return FUNCTIONS;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void goesThroughAllSegmentsAlthoughInvocationsFailInTheMiddle(String function) throws Exception {
        var execution = EXECUTIONS.get(function);

        assertThat(execution.path("status").asText()).as(execution.toString()).isEqualTo("SUCCEEDED");
        assertThat(SEGMENTS_OF.get(function)).isEqualTo(Set.of(1, 2, 3));
        assertThat(output(function).path("segments")).hasSize(SEGMENTS);
    }

    @Test
    void recountsEveryUserAndNamesTheOneThatCannotBeCounted() throws Exception {
        assertThat(users)
                .allSatisfy(user -> assertThat(total(user)).isEqualTo(Map.of("total_bytes", "0", "file_count", "0")));
        assertThat(failedUsers("RecountStorage")).containsExactly(broken);
    }

    @Test
    void exportsEveryUserAndNamesTheOneThatCannotBeExported() throws Exception {
        var folder = gateway.template().environment().get("EXPORT_BUCKET") + "/"
                + EXECUTIONS.get("ExportUser").path("name").asText() + "/";

        assertThat(bucket.objects().keySet()).containsExactlyInAnyOrderElementsOf(users.stream()
                .filter(user -> !user.equals(broken)).map(user -> folder + user + "/1.json").toList());
        assertThat(failedUsers("ExportUser")).containsExactly(broken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ReencryptTokens", "ReconcileSubscriptions"})
    void namesNobodyIfNothingFails(String function) throws Exception {
        assertThat(failedUsers(function)).isEmpty();
    }

    @Test
    void refusesWhatIsNoneOfItsFunctions() {
        assertThat(REFUSED).allSatisfy(input -> {
            assertThat(EXECUTIONS.get(input).path("status").asText()).isEqualTo("FAILED");
            assertThat(EXECUTIONS.get(input).path("error").asText()).isEqualTo("UnknownFunction");
        });
        assertThat(INVOCATIONS).containsOnlyKeys(FUNCTIONS);
    }

    private static JsonNode output(String function) throws IOException {
        return JSON.readTree(EXECUTIONS.get(function).path("output").asText());
    }

    private static Stream<String> failedUsers(String function) throws IOException {
        return StreamSupport.stream(output(function).path("failed_users").spliterator(), false).map(JsonNode::asText);
    }

    private static List<String> users() {
        return IntStream.range(0, USERS).mapToObj(i -> SignedIn
                .of(gateway.uri(), SignedIn.signIn(gateway.uri(), "all-%d@example.com".formatted(i)).send())
                .externalId())
                .toList();
    }

    /** Adds a counted item without a file record, as after a lost record of the stream. */
    private static void countAFileThatIsGone(String user) {
        put("StorageTotals", Map.of("external_id", text(user), "entry", text("file#gone"), "bytes",
                AttributeValue.fromN("100")));
        put("StorageTotals", Map.of("external_id", text(user), "entry", text("total"), "total_bytes",
                AttributeValue.fromN("100"), "file_count", AttributeValue.fromN("1")));
    }

    private static Map<String, String> total(String user) {
        var item = RunningApi.AWS.items(gateway.template().table("StorageTotals")).stream()
                .filter(total -> total.get("external_id").s().equals(user) && total.get("entry").s().equals("total"))
                .findFirst().orElseThrow();
        return Map.of("total_bytes", item.get("total_bytes").n(), "file_count", item.get("file_count").n());
    }

    private static void put(String table, Map<String, AttributeValue> item) {
        RunningApi.AWS.dynamoDb().putItem(put -> put.tableName(gateway.template().table(table).name()).item(item));
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private static List<JsonNode> run(List<String> inputs) throws IOException, InterruptedException {
        var script = Files.write(directory.resolve("run_state_machine.py"),
                AllUsersTest.class.getResourceAsStream("run_state_machine.py").readAllBytes());
        var log = directory.resolve("log");
        Process process;
        try {
            process = new ProcessBuilder("python3", script.toString()).redirectError(log.toFile()).start();
        } catch (IOException e) {
            assumeThat(false).as("this machine does not have python3, which runs the state machine").isTrue();
            throw e;
        }
        try (var stdin = process.outputWriter(UTF_8)) {
            JSON.writeValue(stdin,
                    Map.of("definition", definition(), "inputs", inputs, "port", lambda.getAddress().getPort()));
        }
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assumeThat(process.waitFor()).as("this machine does not have moto, which runs the state machine")
                .isNotEqualTo(MOTO_IS_MISSING);
        assertThat(out).as("what is printed, beside the errors %s", Files.readString(log)).isNotEmpty();
        return List.of(JSON.treeToValue(JSON.readTree(out), JsonNode[].class));
    }

    /** The template's definition with the functions' ARNs. */
    private static JsonNode definition() throws IOException {
        var properties = (Map<?, ?>) TemplateSource.read().section("Resources").get("AllUsers").get("Properties");
        var text = JSON.writeValueAsString(properties.get("Definition")).replace("${Segments}", "" + SEGMENTS)
                // The shortest wait.
                .replace("\"IntervalSeconds\":2", "\"IntervalSeconds\":1")
                .replace("${Invoke}", "arn:aws:states:::lambda:invoke");
        var left = new HashSet<>(((Map<?, ?>) properties.get("DefinitionSubstitutions")).keySet());
        left.removeAll(Set.of("Segments", "Invoke"));
        for (var function : left) {
            text = text.replace("${%s}".formatted(function),
                    "arn:aws:lambda:us-east-1:123456789012:function:%s:live".formatted(function));
        }
        return JSON.readTree(text);
    }
}
