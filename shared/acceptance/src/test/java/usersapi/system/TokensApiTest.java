package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.testing.Exchange;

/** A user lists, makes, limits and ends named tokens. */
class TokensApiTest {

    private static final String TOKENS = "/api/users/tokens/";
    private static final String NOT_AUTHENTICATED = "{\"message\":\"Not authenticated\"}";
    private static final String NOT_FOUND = "{\"message\":\"Not Found\"}";
    private static final String OK = "{\"message\":\"ok\"}";

    private static List<JsonNode> tokens(SignedIn user) {
        var reply = user.request("GET", TOKENS).send();
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().path("tokens").valueStream().toList();
    }

    private static Exchange bearer(String method, String path, JsonNode token) {
        return Exchange.of(RunningApi.uri(), method, path).header("Authorization",
                "Bearer " + token.path("access_token").asText());
    }

    private static boolean isValid(JsonNode token) {
        return bearer("GET", "/api/users/settings/", token).send().status() == 200;
    }

    private static String path(JsonNode token) {
        return TOKENS + token.path("id").asText() + "/";
    }

    private static void assertReply(Exchange request, int status, String body) {
        var reply = request.send();
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).isEqualTo(body);
    }

    @Test
    void areListedWithoutTheDefaultOneAndWithoutTheirValues() {
        var user = SignedIn.as("tokens-list@example.com");
        user.accessToken();
        assertThat(tokens(user)).isEmpty();
        var first = user.namedToken("{\"label\": \"first\"}");
        var second = user.namedToken("{\"label\": \" \\u00a0second \", \"expires_in_days\": 2, \"read_only\": true}");

        var listed = user.request("GET", TOKENS).send();

        assertThat(listed.text()).doesNotContain(first.path("access_token").asText(),
                second.path("access_token").asText());
        assertThat(tokens(user)).extracting(token -> token.path("label").asText()).containsExactly("second", "first");
        assertThat(tokens(user).getFirst().path("expires").asLong())
                .isEqualTo(second.path("created").asLong() + 2 * 86_400);
        assertThat(tokens(user).getFirst().path("read_only").asBoolean()).isTrue();
        assertThat(tokens(user).getLast().path("expires").isNull()).isTrue();
        assertThat(tokens(user)).allMatch(token -> token.path("last_used").isNull());
    }

    @Test
    void areUsedLikeTheDefaultOneAndThatIsRecorded() {
        var user = SignedIn.as("tokens-use@example.com");
        var token = user.namedToken("{\"label\": \"a\"}");

        assertThat(bearer("PATCH", "/api/users/settings/", token).body("{\"tz\": \"UTC\"}").send().status())
                .isEqualTo(200);

        assertThat(tokens(user).getFirst().path("last_used").asLong())
                .isGreaterThanOrEqualTo(token.path("created").asLong());
    }

    @Test
    void areShownThemselvesAndNeverTheDefaultOne() {
        var user = SignedIn.as("tokens-me@example.com");
        var token = user.namedToken("{\"label\": \"a\", \"read_only\": true}");
        var standard = user.accessToken();

        var me = bearer("GET", "/api/users/me/", token).send();

        assertThat(me.json().path("access_token")).isEqualTo(token.path("access_token"));
        assertThat(me.text()).doesNotContain(standard);
        assertThat(user.request("GET", "/api/users/me/").send().json().path("access_token").asText())
                .isEqualTo(standard);
        assertThat(Exchange.of(RunningApi.uri(), "GET", "/api/users/me/")
                .header("Authorization", "Bearer " + standard).send().json().path("access_token").asText())
                .isEqualTo(standard);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"PATCH|/api/users/settings/|{\"tz\": \"UTC\"}",
            "POST|/api/users/stripe/checkout/|{\"plan\": \"pro\"}"})
    void readOnlyTokensChangeNothing(String method, String path, String body) {
        var user = SignedIn.as("tokens-read@example.com");
        var token = user.namedToken("{\"label\": \"a\", \"read_only\": true}");
        assertThat(isValid(token)).isTrue();
        var before = RunningApi.items();

        assertReply(bearer(method, path, token).body(body), 403,
                "{\"message\":\"Forbidden\",\"detail\":\"Authorization: this access token may only read\"}");

        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/tokens/", "POST,/api/users/tokens/", "DELETE,/api/users/tokens/ID/",
            "GET,/api/users/sessions/", "DELETE,/api/users/sessions/", "DELETE,/api/users/sessions/ID/",
            "POST,/api/users/sign-out/", "GET,/api/users/me/token/", "POST,/api/users/me/token/regenerate/"})
    void neverReachTheRoutesOfCredentials(String method, String path) {
        var user = SignedIn.as("tokens-bearer@example.com");
        var token = user.namedToken("{\"label\": \"a\"}");
        var readOnly = user.namedToken("{\"label\": \"a\", \"read_only\": true}");
        var at = path.replace("ID", token.path("id").asText());
        var before = RunningApi.items();

        for (var each : List.of(token, readOnly)) {
            assertReply(bearer(method, at, each), 401, NOT_AUTHENTICATED);
        }
        assertReply(Exchange.of(RunningApi.uri(), method, at).header("Authorization", "Bearer " + user.accessToken()),
                401, NOT_AUTHENTICATED);
        assertReply(Exchange.of(RunningApi.uri(), method, at), 401, NOT_AUTHENTICATED);
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void stayWhenTheDefaultOneIsReplaced() {
        var user = SignedIn.as("tokens-regenerate@example.com");
        var token = user.namedToken("{\"label\": \"a\"}");

        user.regenerated();

        assertThat(isValid(token)).isTrue();
        assertThat(tokens(user)).hasSize(1);
    }

    @Test
    void endAtOnceAndOneByOne() {
        var user = SignedIn.as("tokens-end@example.com");
        var token = user.namedToken("{\"label\": \"a\"}");
        var other = user.namedToken("{\"label\": \"a\"}");

        assertReply(user.changing("DELETE", path(token)), 200, OK);

        assertThat(isValid(token)).isFalse();
        assertThat(isValid(other)).isTrue();
        assertThat(tokens(user)).extracting(each -> each.path("id")).containsExactly(other.path("id"));
        assertReply(user.changing("DELETE", path(token)), 404, NOT_FOUND);
    }

    @Test
    void endAtTheirExpiry() {
        var user = SignedIn.as("tokens-expire@example.com");
        var token = user.namedToken("{\"label\": \"a\", \"expires_in_days\": 1}");
        assertThat(isValid(token)).isTrue();
        RunningApi.items("Credentials").stream()
                .filter(item -> item.toString().contains(token.path("id").asText()))
                .forEach(item -> RunningApi.put("Credentials", item, Map.of("expires", AttributeValue.fromN("1"))));

        assertThat(isValid(token)).isFalse();
        assertThat(tokens(user)).isEmpty();
        assertReply(user.changing("DELETE", path(token)), 404, NOT_FOUND);
    }

    @Test
    void endByTheirUserOnly() {
        var user = SignedIn.as("tokens-thief@example.com");
        var other = SignedIn.as("tokens-victim@example.com");
        var token = other.namedToken("{\"label\": \"a\"}");
        var standard = new OpaqueToken(user.accessToken()).sha256();
        var before = RunningApi.items();

        assertReply(user.changing("DELETE", path(token)), 404, NOT_FOUND);
        for (var id : List.of(standard, new OpaqueToken(user.session()).sha256(), "x", "0".repeat(64), "a%2fb")) {
            assertReply(user.changing("DELETE", TOKENS + id), 404, NOT_FOUND);
        }
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void needTheCsrfTokenForEachChange() {
        var user = SignedIn.as("tokens-csrf@example.com");
        var token = user.namedToken("{\"label\": \"a\"}");

        assertThat(user.request("POST", TOKENS).body("{\"label\": \"a\"}").send().status()).isEqualTo(403);
        assertThat(user.request("DELETE", path(token)).send().status()).isEqualTo(403);
        assertThat(tokens(user)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"label\": 1}", "{\"label\": \"  \"}", "{\"label\": \"a\\u0007\"}",
            "{\"label\": \"a\", \"expires_in_days\": 3651}", "{\"label\": \"a\", \"read_only\": \"yes\"}",
            "{\"label\": \"a\", \"label\": \"b\"}", "{\"label\": \"a\\ud800\"}"})
    void areNotMadeOfWhatIsInvalid(String body) {
        var user = SignedIn.as("tokens-invalid@example.com");

        var reply = user.changing("POST", TOKENS).body(body).send();

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("message").asText()).isEqualTo("Unexpected error");
        assertThat(reply.json().path("detail").asText()).isNotEmpty();
        assertThat(tokens(user)).isEmpty();
    }

    @Test
    void areTwentyAtMostAlsoWhenMadeAtOnce() throws Exception {
        var user = SignedIn.as("tokens-many@example.com");
        IntStream.range(0, 17).forEach(i -> user.namedToken("{\"label\": \"a\"}"));
        var statuses = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> race = () -> user.changing("POST", TOKENS).body("{\"label\": \"b\"}").send().status();
            for (var status : threads.invokeAll(Stream.generate(() -> race).limit(6).toList())) {
                statuses.add(status.get());
            }
        }

        assertThat(statuses).containsOnly(200, 400);
        assertThat(tokens(user)).hasSize(20);
        var refused = user.changing("POST", TOKENS).body("{\"label\": \"c\"}").send();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("detail").asText()).isEqualTo("tokens: 20 at most; end one first");
        user.changing("DELETE", path(tokens(user).getFirst())).send();
        assertThat(user.changing("POST", TOKENS).body("{\"label\": \"d\"}").send().status()).isEqualTo(200);
    }
}
