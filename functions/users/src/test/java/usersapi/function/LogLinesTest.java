package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.function.Invocation.SignedIn;
import usersapi.json.JsonObject;
import usersapi.lambda.JsonFunction;
import usersapi.standin.Events;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** The log lines of invocations; {@code RecordingContext} checks in every test that each line is sound. */
class LogLinesTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final SignedIn user = Invocation.signIn(TABLES, "jane@example.com");
    private final String token = Invocation.shownToken(TABLES, user);

    @Test
    void theAuthorizerSaysWhoIsAllowedAndByWhat() {
        var session = authorizer("/api/users/me", "Cookie", "sessionid=" + user.sessionId());
        var bearer = authorizer("/api/users/me", "Authorization", "Bearer " + token);

        assertThat(List.of(session, bearer)).allSatisfy(line -> assertThat(line.members())
                .containsEntry("outcome", "ok").containsEntry("level", "INFO").containsEntry("user_id", user.userId())
                .containsEntry("route", "GET /api/users/me")
                .containsEntry("request_id", "11111111-2222-3333-4444-555555555555"));
        assertThat(session.get("credential")).isEqualTo("SESSION");
        assertThat(bearer.get("credential")).isEqualTo("BEARER");
    }

    @Test
    void theAuthorizerSaysWhyItDenies() {
        var unknown = OpaqueToken.random(new SecureRandom()).value();

        assertDenied("no_credential", authorizer("/api/users/me", "X-Other", "1"));
        assertDenied("no_credential", authorizer("/api/users/me", "Authorization", "Basic " + token));
        assertDenied("unknown_session", authorizer("/api/users/me", "Cookie", "sessionid=" + unknown));
        assertDenied("unknown_token", authorizer("/api/users/me", "Authorization", "Bearer " + unknown));
        assertDenied("session_only", authorizer("/api/users/me/token", "Authorization", "Bearer " + token));
    }

    private static void assertDenied(String reason, JsonObject line) {
        assertThat(line.members()).containsEntry("outcome", "denied").containsEntry("reason", reason)
                .containsEntry("level", "INFO").doesNotContainKey("user_id");
    }

    @Test
    void anOutageOfTheAuthorizerNamesTheRequest() {
        var context = new RecordingContext("Authorizer");
        var broken = new AuthorizerHandler(TABLES.variables(Map.of("CREDENTIALS_TABLE", "no-such-table"))::get);
        var event = authorizerEvent("/api/users/me", "Cookie", "sessionid=" + user.sessionId());
        assertThatThrownBy(() -> context.invoke(broken, event))
                .hasMessageStartingWith("Internal error");
        assertThat(Invocation.json(context.lines().getFirst()).members()).containsEntry("outcome", "failed")
                .containsEntry("route", "GET /api/users/me")
                .containsKey("failure");
    }

    @Test
    void functionsWithoutARouteNameTheUser() {
        var provisioned = log(new ProvisionUserHandler(TABLES::variable), "{\"email\":\"jane@example.com\"}");
        var opened = log(new OpenSessionHandler(TABLES::variable), Invocation.event("open-session", user.userId()));
        var recounted = log(new RecountStorageHandler(TABLES::variable),
                Invocation.event("recount-storage", user.userId()));

        assertThat(List.of(provisioned, opened, recounted)).allSatisfy(line -> assertThat(line.members())
                .containsEntry("outcome", "ok").containsEntry("user_id", user.userId())
                .doesNotContainKeys("route", "request_id"));
        assertThat(log(new CloseSessionHandler(TABLES::variable), "{\"session_id\":\"" + user.sessionId() + "\"}")
                .get("outcome"))
                .isEqualTo("ok");
        assertThat(log(new ProvisionUserHandler(TABLES::variable), "{}").get("outcome")).isEqualTo("invalid");
    }

    @Test
    void eachUnsettledFileOfABatchHasItsLine() {
        TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("-5")), "jim", "bad");
        var records = List.of(record("1", "file_id", "good"), record("2", "file_id", "bad"), record("3", "id", "x"));

        var lines = Invocation.log(new SettleStorageHandler(TABLES::variable),
                new JsonObject().put("Records", records).toJson());

        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst().members()).containsEntry("level", "ERROR").containsEntry("malformed", "size")
                .containsEntry("user_id", "jim").containsEntry("file_id", "bad").doesNotContainKey("outcome");
        assertThat(lines.get(1).members()).containsEntry("level", "ERROR").containsEntry("malformed", "key");
        assertThat(lines.getLast().members()).containsEntry("level", "ERROR").containsEntry("outcome", "unsettled")
                .containsEntry("records", 3L).containsEntry("unsettled", 2L);
    }

    @Test
    void noLineHoldsACredentialOrAnAddress() {
        var me = Invocation.event("get-current-user", user);

        assertThat(List.of(log(new ProvisionUserHandler(TABLES::variable), "{\"email\":\"jane@example.com\"}"),
                log(new GetCurrentUserHandler(TABLES::variable), me),
                log(new GetAccessTokenHandler(TABLES::variable), me),
                authorizer("/api/users/me", "Cookie", "sessionid=" + user.sessionId()),
                authorizer("/api/users/me/token", "Authorization", "Bearer " + token),
                log(new CloseSessionHandler(TABLES::variable), "{\"session_id\":\"" + user.sessionId() + "\"}")))
                .allSatisfy(line -> assertThat(line.toJson()).doesNotContain(token, user.sessionId(),
                        user.csrfToken(), "jane@", new OpaqueToken(token).sha256()));
    }

    private static JsonObject record(String sequenceNumber, String sortKey, String value) {
        var keys = new JsonObject().put("external_id", new JsonObject().put("S", "jim")).put(sortKey,
                new JsonObject().put("S", value));
        return new JsonObject().put("dynamodb",
                new JsonObject().put("Keys", keys).put("SequenceNumber", sequenceNumber));
    }

    private static JsonObject authorizer(String resource, String header, String value) {
        return log(new AuthorizerHandler(TABLES::variable), authorizerEvent(resource, header, value));
    }

    private static String authorizerEvent(String resource, String header, String value) {
        return Invocation.json(Events.read("authorizer")).put("resource", resource)
                .put("multiValueHeaders", new JsonObject().put(header, List.of(value))).toJson();
    }

    /** The one line about an invocation. */
    private static JsonObject log(JsonFunction function, String event) {
        var lines = Invocation.log(function, event);
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }
}
