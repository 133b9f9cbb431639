package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.standin.ServerStartException;
import usersapi.standin.UnsupportedTemplateException;
import usersapi.testing.Exchange;

/** The gateway with fixture.yaml, whose functions also misbehave. */
class ApiGatewayTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SERVER_ERROR = "{\"message\":\"Internal server error\",\"styled\":true}";

    @RegisterExtension
    static final FixtureGateway GATEWAY = new FixtureGateway();

    private static Exchange request(String method, String path) {
        return GATEWAY.request(method, path);
    }

    private static Exchange say(String answer) {
        return request("POST", "/say").body(answer);
    }

    private static JsonNode echo(Exchange request) throws IOException {
        return JSON.readTree(request.send().text());
    }

    @Test
    void handsARequestOnAsAProxyEvent() throws IOException {
        var event = echo(request("GET", "/echo/?a=1&b=%2B+%C3%BC&a=2&c").header("X-Some", "1").header("X-Some", "2"));

        assertThat(event.path("resource").asText()).isEqualTo("/echo");
        assertThat(event.path("path").asText()).isEqualTo("/echo/");
        assertThat(event.path("httpMethod").asText()).isEqualTo("GET");
        assertThat(event.path("headers").path("X-Some").asText()).isEqualTo("2");
        assertThat(event.path("multiValueHeaders").path("X-Some")).hasToString("[\"1\",\"2\"]");
        assertThat(event.path("queryStringParameters")).hasToString("{\"a\":\"2\",\"b\":\"+ ü\",\"c\":\"\"}");
        assertThat(event.path("multiValueQueryStringParameters"))
                .hasToString("{\"a\":[\"1\",\"2\"],\"b\":[\"+ ü\"],\"c\":[\"\"]}");
        assertThat(event.get("pathParameters").isNull()).isTrue();
        assertThat(event.get("stageVariables").isNull()).isTrue();
        assertThat(event.get("body").isNull()).isTrue();
        var context = event.path("requestContext");
        assertThat(context.path("path").asText()).isEqualTo("/prod/echo/");
        assertThat(context.path("resourcePath").asText()).isEqualTo("/echo");
        assertThat(context.path("stage").asText()).isEqualTo("prod");
        assertThat(context.path("identity").path("sourceIp").asText()).isEqualTo("127.0.0.1");
        assertThat(context.path("requestTime").asText())
                .matches("\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000");
    }

    @Test
    void tellsTheClientTheRequestsId() throws IOException {
        var reply = request("GET", "/echo").send();

        assertThat(reply.header("x-amzn-RequestId"))
                .contains(reply.json().path("requestContext").path("requestId").asText());
    }

    @Test
    void takesAPathWithAndWithoutSlashForOneResource() throws IOException {
        assertThat(echo(request("GET", "/echo")).path("path").asText()).isEqualTo("/echo");
        assertThat(echo(request("GET", "//echo")).path("path").asText()).isEqualTo("/echo");
        assertThat(request("GET", "/Echo").send().status()).isEqualTo(404);
        assertThat(request("GET", "/echo/more").send().status()).isEqualTo(404);
    }

    @Test
    void prefersALiteralSegmentToAParameter() throws IOException {
        assertThat(echo(request("GET", "/items/a%20b")).path("pathParameters")).hasToString("{\"id\":\"a%20b\"}");
        assertThat(echo(request("GET", "/items/named")).path("resource").asText()).isEqualTo("/items/named");
    }

    @Test
    void readsABodyAsUtf8() throws IOException {
        var event = echo(request("POST", "/echo").body("ü"));
        assertThat(event.path("body").asText()).isEqualTo("ü");
        assertThat(event.path("isBase64Encoded").asBoolean()).isFalse();

        var invalid = echo(request("POST", "/echo").body(new byte[]{'a', (byte) 0xC3, 'b'}));
        assertThat(invalid.path("body").asText()).isEqualTo("a\uFFFDb");
    }

    @Test
    void handsABinaryBodyOnInBase64() throws IOException {
        var event = echo(request("POST", "/echo").header("Content-Type", "application/octet-stream")
                .body(new byte[]{(byte) 0xC3}));

        assertThat(event.path("body").asText()).isEqualTo("ww==");
        assertThat(event.path("isBase64Encoded").asBoolean()).isTrue();
    }

    @Test
    void sendsWhatAFunctionAnswers() {
        var reply = say("""
                {"statusCode": 201, "headers": {"X-One": "1", "WWW-Authenticate": "Bearer"},
                 "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "x-one": ["1", "2"]}, "body": "ü"}""").send();

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).isEqualTo("ü");
        assertThat(reply.headers("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(reply.headers("X-One")).containsExactly("1", "2");
        assertThat(reply.header("Content-Type")).contains("application/json");
        assertThat(reply.header("x-amzn-Remapped-WWW-Authenticate")).contains("Bearer");
        assertThat(reply.header("WWW-Authenticate")).isEmpty();
    }

    @Test
    void decodesBase64OnlyForAClientThatAcceptsABinaryType() {
        var answer = "{\"headers\": {\"Content-Type\": \"application/octet-stream\"}, \"body\": \"w7w=\", \"isBase64Encoded\": true}";

        assertThat(say(answer).header("Accept", "application/octet-stream").send().text()).isEqualTo("ü");
        assertThat(say(answer).send().text()).isEqualTo("w7w=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing of the kind", "[]", "\"text\"", "{\"statusCode\": \"many\"}",
            "{\"statusCode\": 7}",
            "{\"body\": {}}", "{\"headers\": []}", "{\"headers\": {\"X\": 1}}",
            "{\"multiValueHeaders\": {\"X\": \"1\"}}",
            "{\"isBase64Encoded\": \"true\"}", "{\"cookies\": []}"})
    void answersForAFunctionThatAnswersWrong(String answer) {
        var reply = say(answer).send();

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.text()).isEqualTo(SERVER_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/crash", "/hang"})
    void answersForAFunctionThatFails(String path) {
        var reply = request("GET", path).send();

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.text()).isEqualTo(SERVER_ERROR);
        assertThat(reply.header("x-amzn-RequestId")).isPresent();
    }

    @Test
    void runsOneInvocationAtATimeInAnInstance() throws ExecutionException, InterruptedException {
        var instances = new HashSet<String>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 3; round++) {
                var replies = IntStream.range(0, Handlers.Meet.PARTIES)
                        .mapToObj(party -> clients.submit(() -> request("GET", "/meet").send().text())).toList();
                for (var reply : replies) {
                    instances.add(reply.get());
                }
            }
        }

        assertThat(instances).as("kept from round to round").hasSize(Handlers.Meet.PARTIES);
    }

    @Test
    void tellsTheFunctionInStringsWhatTheAuthorizerSays() throws IOException {
        assertThat(echo(request("GET", "/echo")).path("requestContext").path("authorizer"))
                .hasToString("{\"principalId\":\"u1\",\"number\":\"7\",\"truth\":\"true\"}");
    }

    @Test
    void asksNoAuthorizerOnAnOpenRoute() throws IOException {
        var event = echo(request("GET", "/open").header("X-Decision", "fail"));

        assertThat(event.path("requestContext").has("authorizer")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            // A Deny.
            "{'Effect': 'Deny', 'Action': 'execute-api:Invoke', 'Resource': '*'}",
            // A Deny beats an Allow.
            "{'Effect': 'Allow', 'Action': '*', 'Resource': '*'},"
                    + "{'Effect': 'Deny', 'Action': ['execute-api:Invoke'], 'Resource': ['arn:*/prod/GET/ech?']}",
            // An Allow of another method, of another action.
            "{'Effect': 'Allow', 'Action': 'execute-api:Invoke', 'Resource': 'arn:aws:execute-api:*/prod/POST/*'}",
            "{'Effect': 'Allow', 'Action': 's3:GetObject', 'Resource': '*'}"})
    void refusesWhatThePolicyDoesNotAllow(String statements) {
        var decision = "{'principalId': 'u1', 'context': {'message': 'No'}, 'policyDocument': {'Statement': [%s]}}"
                .formatted(statements).replace('\'', '"');

        var reply = request("GET", "/echo").header("X-Decision", decision).send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("{\"message\":\"No\"}");
        assertThat(reply.header("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "not JSON", "{}", "{\"principalId\": \"u1\"}",
            "{\"principalId\": \"u1\", \"policyDocument\": {\"Statement\": [{\"Effect\": \"Allow\"}]}}",
            "{\"principalId\": \"u1\", \"context\": {\"list\": []}, \"policyDocument\": {\"Statement\": []}}"})
    void failsWithoutACallWhenTheAuthorizerDoes(String decision) {
        var reply = request("GET", "/echo").header("X-Decision", decision).send();

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text()).isEqualTo(SERVER_ERROR);
    }

    @Test
    void takesTheErrorUnauthorizedForARefusal() {
        var reply = request("GET", "/echo").header("X-Decision", "unauthorized").send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Unauthorized\"}");
    }

    @Test
    void answersPreflightsWithoutTheAuthorizer() {
        var reply = request("OPTIONS", "/echo/").header("Origin", "https://any.example").header("X-Decision", "fail")
                .send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Origin")).contains(GATEWAY.uri().toString());
        assertThat(reply.header("Access-Control-Allow-Credentials")).contains("true");
        assertThat(reply.header("Access-Control-Allow-Headers")).contains("Authorization,X-CSRFToken");
        assertThat(reply.header("Access-Control-Allow-Methods")).contains("GET,POST,OPTIONS");
        assertThat(reply.header("Access-Control-Max-Age")).contains("600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /nowhere", "GET /", "OPTIONS /nowhere", "DELETE /echo", "HEAD /echo",
            "GET /local/nowhere"})
    void doesNotKnowOtherPathsAndMethods(String line) {
        var parts = line.split(" ", 2);

        assertThat(request(parts[0], parts[1]).send().status()).isEqualTo(404);
    }

    @Test
    void refusesABodyOfMoreThanTenMegabytes() {
        var reply = request("POST", "/say").body(new byte[10 * 1024 * 1024 + 1]).send();

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Request Too Long\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {10_240, 63 * 1024, 100 * 1024})
    void refusesHeadersOfMoreThanTenThousandBytes(int length) {
        assertThat(request("GET", "/echo").header("X-Long", "x".repeat(length)).send().status()).isEqualTo(431);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { //
            "$Crash | $Gone | Crash.Handler: usersapi.local.Handlers$Gone is not a RequestStreamHandler", //
            "Handlers$Crash | ApiGatewayTest | Crash.Handler: usersapi.local.ApiGatewayTest is not a RequestStreamHandler", //
            "Path: /crash | Path: /hang | Hang: GET /hang is the route of Crash", //
            "Path: /crash | Path: '/crash/{proxy+}' | Crash: the path /crash/{proxy+} has no counterpart here", //
            "Timeout: 1 | Timeout: 30 | Hang.Timeout: API Gateway waits 29 seconds at most", //
            "ReauthorizeEvery: 0 | ReauthorizeEvery: 60 | Api.Auth.Authorizers.Scripted.Identity.ReauthorizeEvery: only 0 works here", //
            "$context.authorizer.message | $context.path | GatewayResponses.ACCESS_DENIED: $context.path has no counterpart here"})
    void refusesAtStartByName(String part, String instead, String message, @TempDir Path directory) throws IOException {
        var changed = Files.writeString(directory.resolve("template.yaml"),
                Files.readString(GATEWAY.template()).replace(part, instead));

        assertThatThrownBy(() -> GATEWAY.start(changed, 0))
                .isInstanceOf(UnsupportedTemplateException.class).hasMessageStartingWith(message);
    }

    @Test
    void refusesATakenPort() {
        assertThatThrownBy(() -> GATEWAY.start(GATEWAY.template(), GATEWAY.uri().getPort()))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("Port %d is already in use; choose another with -Dport=N.", GATEWAY.uri().getPort());
    }
}
