package usersapi.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.testing.LogLine;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;
import usersapi.standin.Template;

class EndpointTest {

    private static final Environment ENVIRONMENT = Map.of("METRICS_NAMESPACE", "local", "FRONTEND_ORIGINS",
            "https://app.example.com,http://localhost:3000")::get;

    private final RecordingContext context = new RecordingContext("Probe");
    private int answered;

    private final Endpoint endpoint = new Endpoint(ENVIRONMENT) {
        @Override
        protected ApiResponse answer(ApiRequest request, Principal caller) {
            answered++;
            return ApiResponse.ok(new JsonObject().put("user", caller.userId()));
        }
    };

    @Test
    void answersWithTheHeadersThatApiGatewaysOwnAnswersCarry() {
        var response = invoke(endpoint, event("GET", "/api/users/me", "SESSION", "false"));

        assertThat(response.get("statusCode")).isEqualTo(200L);
        assertThat(response.string("body")).contains("{\"user\":\"jane\"}");
        assertThat(response.get("isBase64Encoded")).isEqualTo(false);
        var headers = new TreeMap<String, Object>(
                Template.read(LocalTables.PARAMETERS, id -> id).api().gatewayResponses().get("DEFAULT_4XX").headers());
        headers.put("Content-Type", "application/json");
        assertThat(response.object("headers").members()).isEqualTo(headers);
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/me,Not authenticated", "GET,/api/users/me/token,Not authenticated",
            "POST,/api/users/me/token/regenerate,Not authenticated", "PATCH,/api/users/settings,Unauthorized",
            "POST,/api/users/stripe/checkout,Unauthorized", "GET,/api/users/storage,Not authenticated"})
    void refusesARequestThatNoAuthorizerHasAllowed(String method, String resource, String message) {
        for (var authorizer : List.of("null", "{}", "{\"principalId\":\"jane\"}",
                "{\"principalId\":\"\",\"credential\":\"SESSION\"}", "{\"credential\":\"SESSION\"}",
                "{\"principalId\":\"jane\",\"credential\":\"session\"}")) {
            var response = invoke(endpoint, """
                    {"httpMethod":"%s","resource":"%s","requestContext":{"authorizer":%s}}""".formatted(method,
                    resource, authorizer));
            assertThat(response.get("statusCode")).isEqualTo(401L);
            assertThat(response.string("body")).contains("{\"message\":\"%s\"}".formatted(message));
        }
        assertThat(invoke(endpoint, "{}").get("statusCode")).isEqualTo(401L);
        assertThat(answered).isZero();
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/me/token", "POST,/api/users/me/token/regenerate"})
    void sessionOnlyRoutesRefuseABearer(String method, String resource) {
        var response = invoke(endpoint, event(method, resource, "BEARER", "false"));

        assertThat(response.get("statusCode")).isEqualTo(401L);
        assertThat(response.string("body")).contains("{\"message\":\"Not authenticated\"}");
        assertThat(answered).isZero();
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/elsewhere", "POST,/api/users/me", "patch,/api/users/settings", "GET,/api/users/me/",
            "POST,/api/users/stripe/webhook"})
    void aRouteWithoutARowIsRefusedToEverybody(String method, String resource) {
        for (var credential : List.of("SESSION", "BEARER")) {
            var response = invoke(endpoint, event(method, resource, credential, "true"));
            assertThat(response.get("statusCode")).isEqualTo(401L);
            assertThat(response.string("body")).contains("{\"message\":\"Not authenticated\"}");
        }
        assertThat(answered).isZero();
    }

    @ParameterizedTest
    @CsvSource({"PATCH,/api/users/settings", "POST,/api/users/me/token/regenerate", "POST,/api/users/stripe/checkout"})
    void aSessionMustBringItsCsrfTokenToChangeAnything(String method, String resource) {
        for (var csrfVerified : List.of("false", "TRUE", "", "1")) {
            var response = invoke(endpoint, event(method, resource, "SESSION", csrfVerified));
            assertThat(response.get("statusCode")).isEqualTo(403L);
            assertThat(response.string("body")).contains(
                    "{\"message\":\"CSRF verification failed\",\"detail\":\"X-CSRFToken: missing, or not the token of this session\"}");
        }
        assertThat(answered).isZero();

        assertThat(invoke(endpoint, event(method, resource, "SESSION", "true")).get("statusCode"))
                .isEqualTo(200L);
    }

    @ParameterizedTest
    @CsvSource({"PATCH,/api/users/settings,403", "GET,/api/users/settings,200", "GET,/api/users/me,200",
            "POST,/api/users/stripe/checkout,403", "POST,/api/users/tokens,401", "DELETE,/api/users/sessions,401"})
    void aReadOnlyTokenMayUseGetOnly(String method, String resource, long status) {
        var response = invoke(endpoint, event(method, resource, "BEARER", "false").replace("\"csrfVerified\"",
                "\"readOnly\":\"true\",\"credentialId\":\"5\",\"csrfVerified\""));

        assertThat(response.get("statusCode")).isEqualTo(status);
        if (status == 403) {
            assertThat(response.string("body")).contains(
                    "{\"message\":\"Forbidden\",\"detail\":\"Authorization: this access token may only read\"}");
            assertThat(context.lines().getLast()).contains("\"outcome\":\"forbidden\"");
        }
    }

    @Test
    void aBearerNeedsNoCsrfTokenAndNoOrigin() {
        assertThat(invoke(endpoint, event("PATCH", "/api/users/settings", "BEARER", "false")).get("statusCode"))
                .isEqualTo(200L);
        assertThat(invoke(endpoint, withOrigin("BEARER", "\"https://evil.example\"")).get("statusCode"))
                .isEqualTo(200L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "", "https://app.example.com.evil.example",
            "https://app.example.com/", "http://app.example.com", "HTTPS://APP.EXAMPLE.COM"})
    void aSessionChangesNothingFromAnotherOrigin(String origin) {
        var response = invoke(endpoint, withOrigin("SESSION", "\"" + origin + "\""));

        assertThat(response.get("statusCode")).isEqualTo(403L);
        assertThat(response.string("body")).contains(
                "{\"message\":\"CSRF verification failed\",\"detail\":\"Origin: not an origin that may use sessions\"}");
        assertThat(answered).isZero();
    }

    @Test
    void everyValueOfOriginCounts() {
        assertThat(invoke(endpoint, withOrigin("SESSION", "\"https://app.example.com\"")).get("statusCode"))
                .isEqualTo(200L);
        assertThat(invoke(endpoint, withOrigin("SESSION", "\"http://localhost:3000\"")).get("statusCode"))
                .isEqualTo(200L);
        assertThat(invoke(endpoint, withOrigin("SESSION", "\"https://app.example.com\",\"https://evil.example\""))
                .get("statusCode")).isEqualTo(403L);
    }

    @Test
    void anUnexpectedFailureIsAPlain500AndOneLogLineWithoutItsMessage() {
        var crashing = new Endpoint(ENVIRONMENT) {
            @Override
            protected ApiResponse answer(ApiRequest request, Principal caller) {
                throw new IllegalStateException("s3cret", new IllegalArgumentException("s3cret too"));
            }
        };

        var response = invoke(crashing, event("GET", "/api/users/me", "SESSION", "false"));

        assertThat(response.get("statusCode")).isEqualTo(500L);
        assertThat(response.string("body")).contains("{\"message\":\"Internal server error\"}");
        assertThat(context.lines()).singleElement().asString().doesNotContain("s3cret").contains(
                "\"level\":\"ERROR\"", "\"request_id\":\"11111111-2222-3333-4444-555555555555\"",
                "java.lang.IllegalStateException",
                "java.lang.IllegalArgumentException", "EndpointTest");
    }

    @Test
    void logsOneJsonLineAboutEachRequest() {
        invoke(endpoint, event("GET", "/api/users/me", "SESSION", "false"));

        var line = ((JsonObject.Parsed.Valid) JsonObject.parse(context.lines().getFirst())).object();
        assertThat(context.lines()).hasSize(1);
        assertThat(line.string("level")).contains("INFO");
        assertThat(line.string("function")).contains("Probe");
        assertThat(line.string("request_id")).contains("11111111-2222-3333-4444-555555555555");
        assertThat(line.string("lambda_request_id")).contains(context.getAwsRequestId());
        assertThat(line.string("route")).contains("GET /api/users/me");
        assertThat(line.string("user_id")).contains("jane");
        assertThat(line.get("status")).isEqualTo(200L);
        assertThat(line.get("duration_ms")).isInstanceOf(Long.class);
    }

    @Test
    void theLogNamesTheOutcomeInOneWord() {
        invoke(endpoint, event("GET", "/api/users/me", "SESSION", "false"));
        invoke(endpoint, "{}");
        invoke(endpoint, event("PATCH", "/api/users/settings", "SESSION", "false"));
        invoke(answering(ApiResponse.badRequest("tz: required")), event("GET", "/api/users/me", "BEARER", "false"));
        invoke(answering(ApiResponse.internalServerError()), event("GET", "/api/users/me", "BEARER", "false"));
        invoke(answering(ApiResponse.unexpectedError().logging(Outcome.STRIPE_FAILED, new JsonObject())),
                event("GET", "/api/users/me", "BEARER", "false"));

        assertThat(context.lines()).map(line -> LogLine.of(line).json().path("outcome").asText())
                .containsExactly("ok", "denied", "forbidden", "invalid", "failed", "stripe_failed");
        assertThat(context.lines().get(2)).contains("\"reason\":\"X-CSRFToken: missing");
    }

    private static Endpoint answering(ApiResponse response) {
        return new Endpoint(ENVIRONMENT) {
            @Override
            protected ApiResponse answer(ApiRequest request, Principal caller) {
                return response;
            }
        };
    }

    @Test
    void aFunctionWithoutARouteFailsWithoutTellingWhy() {
        var function = new JsonFunction(ENVIRONMENT) {
            @Override
            protected FunctionResult invoke(JsonObject event, Context context) {
                throw new IllegalStateException("s3cret");
            }
        };

        assertThatThrownBy(() -> invoke(function, "{}")).hasMessageContaining(context.getAwsRequestId())
                .hasMessageNotContaining("s3cret").hasNoCause();
        assertThat(context.lines()).singleElement().asString().doesNotContain("s3cret").contains("ERROR",
                "java.lang.IllegalStateException");
    }

    @Test
    void headerNamesAreNotCaseSensitive() {
        var request = request(
                """
                        {"multiValueHeaders":{"x-csrftoken":["a"],"X-CSRFTOKEN":["a"],"cookie":["b","c"]},"headers":{"X":"no"}}""");

        assertThat(request.header("X-CSRFToken")).contains("a");
        assertThat(request.headers("Cookie")).containsExactly("b", "c");
        assertThat(request.header("Cookie")).isEmpty();
        assertThat(request.headers("X")).isEmpty();
        assertThat(request("{\"headers\":{\"x\":\"one\"},\"multiValueHeaders\":null}").header("X")).contains("one");
        assertThat(request("{\"headers\":{\"x\":null}}").headers("X")).isEmpty();
        assertThat(request("{}").headers("X")).isEmpty();
    }

    @Test
    void readsABodyPlainOrInBase64() {
        var encoded = Base64.getEncoder().encodeToString("{\"a\":\"é\"}".getBytes(StandardCharsets.UTF_8));

        for (var event : List.of("{\"body\":\"{\\\"a\\\":\\\"é\\\"}\"}",
                "{\"body\":\"%s\",\"isBase64Encoded\":true}".formatted(encoded))) {
            assertThat(request(event).json()).isInstanceOfSatisfying(JsonObject.Parsed.Valid.class,
                    valid -> assertThat(valid.object().string("a")).contains("é"));
        }
    }

    @Test
    void saysWhyABodyIsInvalid() {
        var notUtf8 = Base64.getEncoder().encodeToString(new byte[]{'{', '"', (byte) 0xC3, '"', ':', '1', '}'});

        assertThat(reason("{}")).isEqualTo("body: empty");
        assertThat(reason("{\"body\":null}")).isEqualTo("body: empty");
        assertThat(reason("{\"body\":\"[]\"}")).isEqualTo("body: not a JSON object");
        assertThat(reason("{\"body\":\"{\"}")).isEqualTo("body: not valid JSON at line 1 column 2");
        assertThat(reason("{\"body\":\"{\\\"\uFFFD\\\":1}\"}")).isEqualTo("body: not valid UTF-8, or holds U+FFFD");
        assertThat(reason("{\"body\":\"%s\",\"isBase64Encoded\":true}".formatted(notUtf8)))
                .isEqualTo("body: not valid UTF-8, or holds U+FFFD");
        assertThat(reason("{\"body\":\"{}\",\"isBase64Encoded\":true}"))
                .isEqualTo("body: not base64, as isBase64Encoded says");
        assertThat(reason("{\"body\":\"%s\"}".formatted(" ".repeat(65_537))))
                .isEqualTo("body: longer than 65536 characters");
        assertThat(reason("{\"body\":\"%s\"}".formatted(" ".repeat(65_536)))).isEqualTo("body: empty");
    }

    private static String reason(String event) {
        return ((JsonObject.Parsed.Invalid) request(event).json()).reason();
    }

    private static ApiRequest request(String event) {
        return new ApiRequest(((JsonObject.Parsed.Valid) JsonObject.parse(event)).object());
    }

    private static String event(String method, String resource, String credential, String csrfVerified) {
        return """
                {"httpMethod":"%s","resource":"%s","requestContext":{"requestId":"11111111-2222-3333-4444-555555555555","authorizer":
                {"principalId":"jane","credential":"%s","csrfVerified":"%s"}}}"""
                .formatted(method, resource,
                        credential, csrfVerified);
    }

    private static String withOrigin(String credential, String origins) {
        return event("PATCH", "/api/users/settings", credential, "true").replaceFirst("\\{",
                "{\"multiValueHeaders\":{\"origin\":[" + origins + "]},");
    }

    private JsonObject invoke(JsonFunction function, String event) {
        return ((JsonObject.Parsed.Valid) JsonObject.parse(context.invoke(function, event))).object();
    }
}
