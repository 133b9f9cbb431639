package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.Exchange;

/**
 * The behaviour of API Gateway that LocalStack's authors have recorded on AWS, in the snapshots of their tests ({@code
 * tests/aws/services/apigateway/test_apigateway_*.snapshot.json}), with fixture.yaml.
 */
class RecordedOnAwsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @RegisterExtension
    static final FixtureGateway GATEWAY = new FixtureGateway();

    private static Exchange request(String method, String path) {
        return GATEWAY.request(method, path);
    }

    private static Exchange say(String answer) {
        return request("POST", "/say").body(answer);
    }

    /** The event of a request of the echoing function whose path and headers go over the wire as they are. */
    private static JsonNode echoed(String path, String... headers) throws IOException {
        var head = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: " + GATEWAY.uri().getAuthority(),
                "Connection: close"));
        head.addAll(List.of(headers));
        var answer = Wire.exchange(GATEWAY.uri(), head.toArray(String[]::new));
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    /** test_apigateway_integrations, TestApiGatewayHeaderRemapping. */
    @Test
    void answersARequestThatWouldRatherSpeakAnotherProtocol() throws IOException {
        assertThat(echoed("/echo", "Upgrade: HTTP/2.0").path("headers").has("Upgrade")).isFalse();
        assertThat(echoed("/echo", "Upgrade: websocket").path("httpMethod").asText()).isEqualTo("GET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection", "Content-MD5", "Expect", "Max-Forwards", "Proxy-Authenticate", "Server", "TE",
            "Trailer", "Upgrade", "WWW-Authenticate"})
    void keepsFromTheFunctionWhatBelongsToTheConnection(String header) throws IOException {
        var event = echoed("/echo", header + ": 100-continue");

        assertThat(event.path("headers").fieldNames()).toIterable().doesNotContain(header);
        assertThat(event.path("multiValueHeaders").fieldNames()).toIterable().doesNotContain(header);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tEsT-HEADeR: aValUE", "accept: */*", "ACCEPT-encoding: gzip", "content-type: text/plain",
            "user-agent: x", "AUTHORIZATION: Bearer x", "cookie: a=b", "x-forwarded-host: a",
            "ORIGIN: https://a.example",
            "content-Type: application/json", "accept: application/json"})
    void keepsTheCaseOfHeaders(String header) throws IOException {
        var parts = header.split(": ", 2);

        var event = echoed("/echo", header);

        assertThat(event.path("headers").path(parts[0]).asText()).isEqualTo(parts[1]);
        assertThat(event.path("multiValueHeaders").path(parts[0])).hasToString("[\"" + parts[1] + "\"]");
    }

    /** test_apigateway_lambda, test_lambda_aws_proxy_integration. */
    @Test
    void describesTheRequest() throws IOException {
        var event = echoed("/echo", "User-Agent: python-requests/testing");

        var port = Integer.toString(GATEWAY.uri().getPort());
        assertThat(event.path("headers").path("X-Forwarded-Port").asText()).isEqualTo(port);
        assertThat(event.path("multiValueHeaders").path("X-Forwarded-Port")).hasToString("[\"" + port + "\"]");
        var context = event.path("requestContext");
        assertThat(context.fieldNames()).toIterable().containsExactlyInAnyOrder("accountId", "apiId", "authorizer",
                "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod", "identity", "path",
                "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId", "resourcePath", "stage");
        assertThat(context.path("deploymentId").isTextual()).isTrue();
        assertThat(context.path("domainPrefix").asText()).isEqualTo("127");
        assertThat(context.path("identity").fieldNames()).toIterable().containsExactlyInAnyOrder("accessKey",
                "accountId", "caller", "cognitoAuthenticationProvider", "cognitoAuthenticationType",
                "cognitoIdentityId", "cognitoIdentityPoolId", "principalOrgId", "sourceIp", "user", "userAgent",
                "userArn");
    }

    @Test
    void makesTheHeadersOfAProxyItself() throws IOException {
        var headers = echoed("/echo", "x-forwarded-for: 192.0.2.1", "x-forwarded-proto: https",
                "x-amzn-trace-id: Root=1-3152b799-8954dae64eda91bc9a23a7e8").path("headers");

        assertThat(headers.fieldNames()).toIterable().doesNotContain("x-forwarded-for", "x-forwarded-proto",
                "x-amzn-trace-id");
        assertThat(headers.path("X-Forwarded-For").asText()).isEqualTo("192.0.2.1, 127.0.0.1");
        assertThat(headers.path("X-Forwarded-Proto").asText()).isEqualTo("http");
        assertThat(headers.path("X-Amzn-Trace-Id").asText()).isEqualTo("Root=1-3152b799-8954dae64eda91bc9a23a7e8");
    }

    @ParameterizedTest
    @CsvSource({"//echo, /echo, /prod//echo", "///echo, /echo, /prod///echo", "/echo//, /echo//, /prod/echo//",
            "//echo//, /echo//, /prod//echo//"})
    void collapsesLeadingSlashesOnly(String sent, String path, String contextPath) throws IOException {
        var event = echoed(sent);

        assertThat(event.path("path").asText()).isEqualTo(path);
        assertThat(event.path("requestContext").path("path").asText()).isEqualTo(contextPath);
    }

    /** test_apigateway_lambda, test_aws_proxy_response_payload_format_validation. */
    @Test
    void sendsABooleanOfAHeaderAsAWord() {
        var reply = say("{\"headers\": {\"header-bool\": true}, \"multiValueHeaders\": {\"other\": [false, \"x\"]}}")
                .send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("header-bool")).contains("true");
        assertThat(reply.headers("other")).containsExactly("false", "x");
    }

    @Test
    void renamesWhatOnlyApiGatewaySends() {
        var reply = say("{\"headers\": {\"TE\": \"a\", \"Warn\": \"b\", \"Server\": \"c\", \"Date\": \"d\"}}").send();

        assertThat(reply.header("TE")).contains("a");
        assertThat(reply.header("Warn")).contains("b");
        assertThat(reply.header("x-amzn-Remapped-Server")).contains("c");
        assertThat(reply.header("x-amzn-Remapped-Date")).contains("d");
    }

    /** test_apigateway_api, TestApiGatewayGatewayResponse.test_gateway_response_put, «default-ignored». */
    @Test
    void leavesAGatewayResponseItsTypesStatusWhateverTheDefaultSays(@TempDir Path directory) throws IOException {
        var changed = Files.writeString(directory.resolve("template.yaml"),
                Files.readString(GATEWAY.template()).replace(
                        "        DEFAULT_5XX:\n", """
                                        AUTHORIZER_FAILURE:
                                          ResponseParameters:
                                            Headers: {foo: "'bar'"}
                                        DEFAULT_5XX:
                                          StatusCode: 599
                                """));

        try (var other = GATEWAY.start(changed, 0)) {
            var own = Exchange.of(other.uri(), "GET", "/echo").header("X-Decision", "fail").send();
            assertThat(own.status()).isEqualTo(500);
            assertThat(own.header("foo")).contains("bar");
            assertThat(Exchange.of(other.uri(), "GET", "/crash").send().status()).isEqualTo(599);
        }
    }

    /** test_apigateway_common, TestApigatewayRouting; test_apigateway_integrations. */
    @ParameterizedTest
    @CsvSource({"/nowhere, allow, MissingAuthenticationTokenException", "/crash, allow, InternalServerErrorException",
            "/echo, unauthorized, UnauthorizedException", "/echo, fail, AuthorizerFailureException",
            "/echo, x, AuthorizerConfigurationException"})
    void namesTheTypeOfItsErrors(String path, String decision, String type) {
        var reply = request("GET", path).header("X-Decision", decision).send();

        assertThat(reply.header("x-amzn-ErrorType")).contains(type);
        assertThat(reply.header("x-amz-apigw-id")).isPresent();
        assertThat(reply.header("X-Amzn-Trace-Id")).isEmpty();
    }

    @Test
    void namesTheTypeOfADenial() {
        var denial = "{\"principalId\": \"u1\", \"policyDocument\": {\"Statement\": []}}";

        assertThat(request("GET", "/echo").header("X-Decision", denial).send().header("x-amzn-ErrorType"))
                .contains("AccessDeniedException");
    }

    @Test
    void namesNoErrorInWhatAFunctionAnswers() {
        assertThat(say("{\"statusCode\": 500}").send().header("x-amzn-ErrorType")).isEmpty();
    }

    /** test_apigateway_common, test_invocation_trace_id. */
    @Test
    void tellsWhatAFunctionAnswersApartByItsTrace() throws IOException {
        var reply = request("GET", "/echo").send();

        var root = reply.json().path("headers").path("X-Amzn-Trace-Id").asText();
        assertThat(reply.header("X-Amzn-Trace-Id"))
                .hasValueSatisfying(trace -> assertThat(trace).matches(root + ";Parent=[0-9a-f]{16};Sampled=0"));
        assertThat(reply.header("x-amz-apigw-id")).isPresent();
        assertThat(request("OPTIONS", "/echo").send().header("X-Amzn-Trace-Id")).isEmpty();
    }

    @Test
    void continuesTheTraceOfTheClient() {
        var root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8";
        var whole = root + ";Parent=7fa8c0f79203be72;Sampled=1";

        assertThat(request("GET", "/echo").header("X-Amzn-Trace-Id", whole).send().header("X-Amzn-Trace-Id"))
                .contains(whole);
        assertThat(request("GET", "/echo").header("X-Amzn-Trace-Id", root).send().header("X-Amzn-Trace-Id"))
                .hasValueSatisfying(trace -> assertThat(trace).matches(root + ";Parent=[0-9a-f]{16};Sampled=0"));
    }

    @ParameterizedTest
    @CsvSource({"application~1*, application/pdf, true", "application~1*, text/plain, false",
            "'*~1*', text/plain, true",
            "application~1octet-stream, application/pdf, false"})
    void takesAWildcardOfBinaryTypes(String binary, String sent, boolean isBinary, @TempDir Path directory)
            throws IOException {
        var changed = Files.writeString(directory.resolve("template.yaml"),
                Files.readString(GATEWAY.template()).replace("[application~1octet-stream]", "['" + binary + "']"));

        try (var other = GATEWAY.start(changed, 0)) {
            var event = Exchange.of(other.uri(), "POST", "/echo").header("Content-Type", sent).body("a").send().json();
            assertThat(event.path("isBase64Encoded").asBoolean()).isEqualTo(isBinary);
        }
    }

    /** Not recorded, but documented: the event of a synchronous invocation has 6 MB at most. */
    @Test
    void invokesNoFunctionWithMoreThanSixMegabytes() {
        var reply = say("x".repeat(6 * 1024 * 1024)).send();

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Request Too Long\"}");
        assertThat(say("{\"body\": \"" + "x".repeat(6_000_000) + "\"}").send().text().getBytes(StandardCharsets.UTF_8))
                .hasSize(6_000_000);
    }
}
