package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.function.Invocation.SignedIn;
import usersapi.json.JsonObject;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

class VerifyCredentialHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String INACTIVE = "{\"active\":false}";

    private final VerifyCredentialHandler handler = new VerifyCredentialHandler(TABLES::variable);
    private final SignedIn user = Invocation.signIn(TABLES, "jane@example.com");
    private final String cookie = "a=b; sessionid=" + user.sessionId();

    private String verified(JsonObject event) {
        return Invocation.invoke(handler, event.toJson()).toJson();
    }

    private String active(String kind, boolean readOnly, boolean csrfVerified, String expires) {
        return """
                {"active":true,"external_id":"%s","kind":"%s","read_only":%s,"csrf_verified":%s,"expires":%s,"plan":"free",\
                "plan_status":null}"""
                .formatted(user.userId(), kind, readOnly, csrfVerified, expires);
    }

    private String sessionExpires() {
        var sessions = Invocation.ok(new ListSessionsHandler(TABLES::variable),
                Invocation.event(TABLES.template().function("ListSessions"), user));
        return sessions.toJson().replaceFirst(".*\"expires\":(\\d+),\"current\":true.*", "$1");
    }

    private String defaultToken() {
        return Invocation.shownToken(TABLES, user);
    }

    @Test
    void knowsASession() {
        var event = new JsonObject().put("cookie", cookie).put("method", "GET");

        assertThat(verified(event)).isEqualTo(active("session", false, false, sessionExpires()));
        assertThat(verified(event.put("csrf_token", user.csrfToken()).put("method", "DELETE")))
                .isEqualTo(active("session", false, true, sessionExpires()));
        assertThat(verified(event.put("csrf_token", Invocation.signInAgain(TABLES, user.userId()).csrfToken())))
                .isEqualTo(active("session", false, false, sessionExpires()));
    }

    @Test
    void aSessionWithoutAUserIsNotActive() {
        var gone = Invocation.signIn(TABLES, "gone@example.com");
        TABLES.delete("Users", "user#" + gone.userId());

        assertThat(verified(new JsonObject().put("cookie", "sessionid=" + gone.sessionId()).put("method", "GET")))
                .isEqualTo(INACTIVE);
    }

    @Test
    void knowsTheDefaultToken() {
        assertThat(verified(new JsonObject().put("authorization", "Bearer " + defaultToken()).put("method", "PUT")
                .put("csrf_token", user.csrfToken()))).isEqualTo(active("default_token", false, false, "null"));
    }

    @Test
    void knowsANamedTokenAndThatItMayOnlyRead() {
        var named = CreateTokenHandlerTest.create(TABLES, user,
                "{\"label\":\"a\",\"expires_in_days\":1,\"read_only\":true}");
        var event = new JsonObject().put("authorization", "bearer " + named.get("access_token")).put("method", "POST");

        assertThat(verified(event))
                .isEqualTo(active("named_token", true, false, named.get("expires").toString()));
        assertThat(Invocation.ok(new ListTokensHandler(TABLES::variable),
                Invocation.event(TABLES.template().function("ListTokens"), user)).toJson())
                .as("a check is a use").doesNotContain("\"last_used\":null");
    }

    @Test
    void tellsThePlan() {
        var subscriber = Invocation.signIn(TABLES, "subscriber@example.com");
        var profile = new HashMap<>(TABLES.item("Users", "user#" + subscriber.userId()).orElseThrow());
        profile.putAll(Map.of("stripe_subscription_id", AttributeValue.fromS("sub_1"), "stripe_customer_id",
                AttributeValue.fromS("cus_1"), "plan", AttributeValue.fromS("pro"), "subscription_status",
                AttributeValue.fromS("past_due"), "cancel_at_period_end", AttributeValue.fromBool(false),
                "payment_failed", AttributeValue.fromBool(true)));
        TABLES.put("Users", profile);

        assertThat(verified(new JsonObject().put("cookie", "sessionid=" + subscriber.sessionId())))
                .contains("\"plan\":\"pro\",\"plan_status\":\"past_due\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "\"x\"", "", "{", "{\"cookie\":null,\"authorization\":null}",
            "{\"cookie\":\"\"}", "{\"authorization\":\"\",\"cookie\":\"COOKIE\"}",
            "{\"authorization\":\"Basic x\",\"cookie\":\"COOKIE\"}", "{\"authorization\":7,\"cookie\":\"COOKIE\"}",
            "{\"authorization\":[\"Bearer x\"]}", "{\"cookie\":[\"COOKIE\"]}",
            "{\"cookie\":\"COOKIE\",\"csrf_token\":5}",
            "{\"cookie\":\"COOKIE\",\"method\":{}}", "{\"cookie\":\"COOKIE\",\"cookie\":\"COOKIE\"}",
            "{\"Authorization\":\"Bearer x\",\"cookie\":\"COOKIE\"}", "{\"Cookie\":\"COOKIE\"}",
            "{\"cookie\":\"COOKIE; sessionid=0000000000000000000000000000000000000000000\"}",
            "{\"authorization\":\"Bearer 0000000000000000000000000000000000000000000\"}"})
    void saysOfAnythingElseThatItIsNotActiveAndNothingElse(String payload) {
        assertThat(Invocation.invoke(handler, payload.replace("COOKIE", cookie)).toJson()).isEqualTo(INACTIVE);
    }

    @Test
    void saysTheSameOfWhatHasEnded() {
        var named = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}").get("access_token");
        var event = new JsonObject().put("authorization", "Bearer " + named);
        Invocation.invoke(new RevokeSessionsHandler(TABLES::variable),
                "{\"external_id\":\"%s\",\"tokens\":true}".formatted(user.userId()));

        assertThat(verified(event)).isEqualTo(INACTIVE);
        assertThat(verified(new JsonObject().put("cookie", cookie))).isEqualTo(INACTIVE);
    }

    @Test
    void anOutageIsNoAnswer() {
        var broken = new VerifyCredentialHandler(
                name -> name.equals("CREDENTIALS_TABLE") ? "no-such-table" : TABLES.variable(name));

        assertThatThrownBy(() -> Invocation.invoke(broken, new JsonObject().put("cookie", cookie).toJson()))
                .hasMessageStartingWith("Internal error");
    }

    @Test
    void aCredentialWhoseUseCannotBeRecordedIsActiveAndTheLogSaysWhy() {
        var other = Invocation.signIn(TABLES, "unrecorded@example.com");
        var named = CreateTokenHandlerTest.create(TABLES, other, "{\"label\":\"a\"}").get("access_token");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var distant = new VerifyCredentialHandler(
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
            network.failAll(Fault.ERROR, "SET last_used");
            var context = new RecordingContext("VerifyCredential");

            var answer = context.invoke(distant, new JsonObject().put("authorization", "Bearer " + named).toJson());

            assertThat(answer).startsWith("{\"active\":true");
            assertThat(context.lines()).singleElement().asString().contains("\"outcome\":\"ok\"", "\"failure\":[",
                    other.userId());
        }
    }

    @Test
    void logsWhoseCredentialItWasButNotTheCredential() {
        var line = Invocation.log(handler, new JsonObject().put("cookie", cookie).put("csrf_token", user.csrfToken())
                .toJson()).getLast();

        assertThat(line.members()).containsEntry("user_id", user.userId()).containsEntry("credential", "SESSION");
        assertThat(line.toJson()).doesNotContain(user.sessionId(), user.csrfToken());
        assertThat(Invocation.log(handler, "{}").getLast().members()).containsEntry("outcome", "denied")
                .containsEntry("reason", "no_credential");
    }
}
