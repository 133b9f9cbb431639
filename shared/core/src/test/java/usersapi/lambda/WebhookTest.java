package usersapi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.testing.RecordingContext;

class WebhookTest {

    private static final Environment ENVIRONMENT = Map.of("METRICS_NAMESPACE", "local", "FRONTEND_ORIGINS",
            "https://app.example.com")::get;

    private final RecordingContext context = new RecordingContext("Probe");
    private final byte[] signed = "{\"a\":\"é\"}".getBytes(StandardCharsets.UTF_8);
    private int received;

    private final Webhook webhook = new Webhook(ENVIRONMENT) {
        @Override
        protected Optional<ApiResponse> refuse(ApiRequest request, byte[] body) {
            return Arrays.equals(body, signed) || body.length > 70_000
                    ? Optional.empty()
                    : Optional.of(ApiResponse.badRequest("signature: wrong"));
        }

        @Override
        protected ApiResponse receive(JsonObject event) {
            received++;
            if (event.has("crash")) {
                throw new IllegalStateException("s3cret");
            }
            return ApiResponse.ok(new JsonObject().put("a", event.get("a")))
                    .logging(new JsonObject().put("effect", "fine").put("user_id", "jane"));
        }
    };

    @Test
    void takesWhatIsSignedPlainOrInBase64() {
        for (var event : List.of(event("{\"a\":\"é\"}", false),
                event(Base64.getEncoder().encodeToString(signed), true))) {
            var response = invoke(event);
            assertThat(response.get("statusCode")).isEqualTo(200L);
            assertThat(response.string("body")).contains("{\"a\":\"é\"}");
        }
    }

    @Test
    void readsNothingThatIsNotSigned() {
        for (var body : List.of("{\"a\":\"e\"}", "", "nonsense", "{\"a\":\"é\"} ")) {
            var response = invoke(event(body, false));
            assertThat(response.get("statusCode")).isEqualTo(400L);
            assertThat(response.string("body"))
                    .contains("{\"message\":\"Unexpected error\",\"detail\":\"signature: wrong\"}");
        }
        assertThat(received).isZero();
    }

    @Test
    void takesLongBodiesAndSaysWhatIsWrongWithOne() {
        assertThat(invoke(event("{\"a\":\"" + "x".repeat(70_000) + "\"}", false)).get("statusCode")).isEqualTo(200L);
        assertThat(invoke(event(" ".repeat(70_001), false)).string("body"))
                .contains("{\"message\":\"Unexpected error\",\"detail\":\"body: empty\"}");
    }

    @Test
    void answersAndLogsLikeAnEndpointAndSaysWhatElseItKnows() {
        var response = invoke(event("{\"a\":\"é\"}", false));

        assertThat(response.object("headers").members().keySet()).contains("Cache-Control", "X-Content-Type-Options",
                "Access-Control-Allow-Origin");
        assertThat(context.lines()).singleElement().asString().contains("\"level\":\"INFO\"", "\"outcome\":\"ok\"",
                "\"effect\":\"fine\"",
                "\"request_id\":\"11111111-2222-3333-4444-555555555555\"",
                "\"route\":\"POST /api/users/stripe/webhook\"",
                "\"user_id\":\"jane\"", "\"status\":200");
    }

    @Test
    void anUnexpectedFailureIsA500() {
        var response = invoke(event("{\"crash\":\"" + "x".repeat(70_000) + "\"}", false));

        assertThat(response.get("statusCode")).isEqualTo(500L);
        assertThat(response.string("body")).contains("{\"message\":\"Internal server error\"}");
        assertThat(context.lines()).singleElement().asString().contains("\"level\":\"ERROR\"")
                .doesNotContain("s3cret");
    }

    private static JsonObject event(String body, boolean base64) {
        return new JsonObject().put("httpMethod", "POST").put("resource", "/api/users/stripe/webhook").put("body", body)
                .put("isBase64Encoded", base64)
                .put("requestContext", new JsonObject().put("requestId", "11111111-2222-3333-4444-555555555555"));
    }

    private JsonObject invoke(JsonObject event) {
        return ((JsonObject.Parsed.Valid) JsonObject.parse(context.invoke(webhook, event.toJson()))).object();
    }
}
