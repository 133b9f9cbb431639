package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

class RevokeSessionsHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String NOBODY = "0".repeat(32);

    private final RevokeSessionsHandler handler = new RevokeSessionsHandler(TABLES::variable);

    @Test
    void endsEverySessionOfTheUserAndNobodyElses() {
        var first = Invocation.signIn(TABLES, "jane@example.com");
        var second = Invocation.signInAgain(TABLES, first.userId());
        var other = Invocation.signIn(TABLES, "john@example.com");

        assertThat(Invocation.invoke(handler, Invocation.event("revoke-sessions", first.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":2}");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + first.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + second.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + other.sessionId())).isTrue();
        var next = Invocation.signInAgain(TABLES, first.userId());
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + next.sessionId())).isTrue();
    }

    @Test
    void afterATheftTheAccessTokenEndsTooAndAnotherTakesItsPlace() {
        var user = Invocation.signIn(TABLES, "robbed@example.com");
        var stolen = Invocation.shownToken(TABLES, user);

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"tokens\":true}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":1,\"tokens\":1}");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isFalse();
        assertThat(isOwned(stolen)).isFalse();
        assertThat(isOwned(Invocation.shownToken(TABLES, Invocation.signInAgain(TABLES, user.userId())))).isTrue();
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"%s\",\"tokens\":true}".formatted(NOBODY)).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":0,\"tokens\":0}");
    }

    /** The thief's requests were let in by the authorizer while the session was open, and go on while all credentials end. */
    @RepeatedTest(6)
    void noTokenThatTheSessionSawOrMadeIsLeftHoweverLateItsRequestsAre() throws Exception {
        var user = Invocation.signIn(TABLES, "raced@example.com");
        Invocation.signInAgain(TABLES, user.userId());
        var requests = List.of(new Request(new GetCurrentUserHandler(TABLES::variable), "get-current-user"),
                new Request(new GetAccessTokenHandler(TABLES::variable), "get-access-token"),
                new Request(new RegenerateAccessTokenHandler(TABLES::variable), "regenerate-access-token"),
                new Request(new CreateTokenHandler(TABLES::variable), "create-token"));
        var over = new AtomicBoolean();
        var seen = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var thieves = requests.stream().map(request -> threads.submit(() -> request.until(over, user))).toList();
            try {
                assertThat(Invocation.invoke(handler,
                        "{\"external_id\":\"%s\",\"tokens\":true}".formatted(user.userId())).get("revoked"))
                        .isEqualTo(2L);
            } finally {
                over.set(true);
            }
            for (var thief : thieves) {
                seen.addAll(thief.get());
            }
        }

        assertThat(seen).noneMatch(RevokeSessionsHandlerTest::isOwned);
        assertThat(TABLES.items("Credentials")).as("the default token").filteredOn(
                item -> item.get("external_id") != null && item.get("external_id").s().equals(user.userId()))
                .singleElement().satisfies(token -> assertThat(token.get("label")).isNull());
    }

    /** A request that the authorizer has allowed. */
    private record Request(RequestStreamHandler function, String event) {

        /** Makes it again and again, and once when it is over; the tokens that were answered. */
        List<String> until(AtomicBoolean over, Invocation.SignedIn user) {
            var tokens = new ArrayList<String>();
            boolean isLast;
            do {
                isLast = over.get();
                var response = Invocation.respond(function, Invocation.event(event, user));
                assertThat(response.getStatusCode()).isIn(200, 400, 401);
                Invocation.json(response.getBody()).string("access_token").ifPresent(tokens::add);
            } while (!isLast);
            return tokens;
        }
    }

    @Test
    void replacesTheTokenAlsoIfARequestEndedWhileItReplacedTheToken() {
        var user = Invocation.signIn(TABLES, "interrupted@example.com");
        var stolen = Invocation.shownToken(TABLES, user);
        TABLES.client().updateItem(update -> update.tableName(TABLES.name("Users"))
                .key(TABLES.template().table("Users").key("user#" + user.userId()))
                .updateExpression("ADD token_queue :ticket")
                .expressionAttributeValues(Map.of(":ticket", AttributeValue.fromSs(List.of("left")))));

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"tokens\":true}".formatted(user.userId())).get("tokens")).isEqualTo(1L);

        assertThat(isOwned(stolen)).isFalse();
        assertThat(TABLES.item("Users", "user#" + user.userId()).orElseThrow()).doesNotContainKey("token_queue");
    }

    @Test
    void afterATheftTheNamedTokensEndToo() {
        var user = Invocation.signIn(TABLES, "robbed-of-more@example.com");
        var first = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}").get("access_token");
        var second = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\",\"expires_in_days\":1}")
                .get("access_token");

        assertThat(Invocation.invoke(handler, "{\"external_id\":\"%s\"}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":1}");
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, first.toString())).isTrue();
        assertThat(Invocation
                .invoke(handler, "{\"external_id\":\"%s\",\"tokens\":true}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":0,\"tokens\":3}");

        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, first.toString())).isFalse();
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, second.toString())).isFalse();
    }

    @Test
    void withoutTokensTheAccessTokenStays() {
        var user = Invocation.signIn(TABLES, "changed-password@example.com");
        var token = Invocation.shownToken(TABLES, user);

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"tokens\":false}".formatted(user.userId())).toJson())
                .isEqualTo("{\"message\":\"ok\",\"revoked\":1}");

        assertThat(Invocation.shownToken(TABLES, Invocation.signInAgain(TABLES, user.userId()))).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "1", "null", "[]", "{}"})
    void endsNothingWhereTokensIsNoBoolean(String tokens) {
        var user = Invocation.signIn(TABLES, "unclear@example.com");

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"tokens\":%s}".formatted(user.userId(), tokens)).toJson())
                .isEqualTo("{\"message\":\"Unexpected error\",\"detail\":\"tokens: must be true or false\"}");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
    }

    private static boolean isOwned(String token) {
        var sha256 = new OpaqueToken(token).sha256();
        return TABLES.item("Credentials", "token#" + sha256, "token#" + sha256).isPresent();
    }

    @Test
    void aUserWhoIsNotThereHasNone() {
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"%s\"}".formatted(NOBODY)).get("revoked"))
                .isEqualTo(0L);
    }

    @Test
    void goesOnFromItsNextWhereTimeRanOutAndReplacesTheTokenAtTheEnd() {
        var user = Invocation.signIn(TABLES, "everywhere@example.com");
        var token = Invocation.shownToken(TABLES, user);
        var expires = Long.toString(Instant.now().plusSeconds(1_000).getEpochSecond());
        for (int i = 0; i < 150; i++) {
            var id = "session#z%03d".formatted(i);
            TABLES.put("Credentials", Map.of("expires", AttributeValue.fromN(expires)), "user#" + user.userId(), id);
            TABLES.put("Credentials", Map.of("expires", AttributeValue.fromN(expires), "external_id",
                    AttributeValue.fromS(user.userId())), id, id);
        }
        var input = new JsonObject().put("external_id", user.userId()).put("tokens", true);

        var first = invokeLate(input);
        var second = invokeLate(input.put("from", first.string("next").orElseThrow()));

        assertThat(first.get("tokens")).as("through an open session a thief would read the new one").isEqualTo(0L);
        assertThat((Long) first.get("revoked") + (Long) second.get("revoked")).isEqualTo(151);
        assertThat(second.members()).containsEntry("tokens", 1L).doesNotContainKey("next");
        assertThat(isOwned(token)).isFalse();
        assertThat(TABLES.items("Credentials")).noneMatch(item -> item.toString().contains("session#")
                && item.toString().contains(user.userId()));
    }

    private JsonObject invokeLate(JsonObject input) {
        return Invocation.json(
                new RecordingContext("RevokeSessions", Duration.ofSeconds(29)).invoke(handler, input.toJson()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "7", "{}", "\"\""})
    void takesNoCursorThatItDidNotGive(String from) {
        var user = Invocation.signIn(TABLES, "cursor@example.com");

        assertThat(Invocation.invoke(handler,
                "{\"external_id\":\"%s\",\"from\":%s}".formatted(user.userId(), from)).string("detail"))
                .contains("from: must be the next of an earlier answer to the same input");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":null}", "{\"external_id\":\"\"}", "{\"external_id\":7}",
            "{\"external_id\":\"jane@example.com\"}", "{\"external_id\":\"0123456789abcdef0123456789abcde\\n\"}"})
    void asksForAUserAndLogsNothingOfWhatIsNone(String event) {
        var context = new RecordingContext("RevokeSessions");

        assertThat(Invocation.json(context.invoke(handler, event)).string("detail"))
                .contains("external_id: must be a user's external id");
        assertThat(context.lines()).singleElement().asString().doesNotContain("user_id", "jane", "0123456789abcdef");
    }
}
