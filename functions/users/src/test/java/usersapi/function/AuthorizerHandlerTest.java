package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.IamPolicyResponseV1;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.function.Invocation.SignedIn;
import usersapi.json.JsonObject;
import usersapi.standin.Events;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

class AuthorizerHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String STAGE = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/*/*";

    private final AuthorizerHandler authorizer = new AuthorizerHandler(TABLES::variable);
    private final SignedIn user = Invocation.signIn(TABLES, "jane@example.com");

    @Test
    void allowsASessionOnTheWholeStage() {
        var answer = invoke("/api/users/me", Map.of("Cookie", "sessionid=" + user.sessionId()));

        assertThat(answer.toJson()).isEqualTo(
                """
                        {"principalId":"%s","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke",\
                        "Effect":"Allow","Resource":"%s"}]},"context":{"credential":"SESSION","csrfVerified":"false","credentialId":"%s"}}"""
                        .formatted(user.userId(), STAGE, new OpaqueToken(user.sessionId()).sha256()));
    }

    @Test
    void allowsABearer() {
        var answer = invoke("/api/users/me", Map.of("authorization", "bearer " + accessToken()));

        assertThat(effect(answer)).isEqualTo("Allow");
        assertThat(answer.string("principalId")).contains(user.userId());
        assertThat(answer.object("context").toJson())
                .isEqualTo("{\"credential\":\"BEARER\",\"csrfVerified\":\"false\"}");
    }

    @Test
    void answersAsAwsReadsIt() {
        var answer = Invocation.invoke(authorizer, Events.read("authorizer"), IamPolicyResponseV1.class);

        assertThat(answer.getPrincipalId()).isEqualTo("anonymous");
        assertThat(answer.getContext()).isEqualTo(Map.of("message", "Not authenticated"));
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/me,Not authenticated", "GET,/api/users/me/token,Not authenticated",
            "POST,/api/users/me/token/regenerate,Not authenticated", "GET,/api/users/storage,Not authenticated",
            "PATCH,/api/users/settings,Unauthorized", "POST,/api/users/stripe/checkout,Unauthorized"})
    void deniesWithTheRoutesMessage(String method, String resource, String message) {
        var answer = Invocation.invoke(authorizer, event(method, resource, Map.of()));

        assertThat(effect(answer)).isEqualTo("Deny");
        assertThat(answer.object("context").toJson()).isEqualTo("{\"message\":\"" + message + "\"}");
    }

    @Test
    void deniesCredentialsThatAreNobodys() {
        var unknown = OpaqueToken.random(new java.security.SecureRandom()).value();
        for (var headers : List.of(Map.of("Authorization", "Bearer " + unknown),
                Map.of("Authorization", "Bearer " + user.sessionId()), Map.of("Cookie", "sessionid=" + unknown),
                Map.of("Cookie", "sessionid=" + accessToken()), Map.of("Cookie", "sessionid=" + user.csrfToken()),
                Map.of("Cookie", "csrftoken=" + user.sessionId()))) {
            assertThat(effect(invoke("/api/users/me", headers))).isEqualTo("Deny");
        }
    }

    @Test
    void aWrongBearerIsDeniedThoughTheCookieIsRight() {
        assertThat(effect(invoke("/api/users/me",
                Map.of("Authorization", "Bearer wrong", "Cookie", "sessionid=" + user.sessionId())))).isEqualTo("Deny");
    }

    @Test
    void theOldTokenIsDeniedAtOnceAndTheNewOneAllowed() {
        var old = accessToken();
        assertThat(effect(invoke("/api/users/me", Map.of("Authorization", "Bearer " + old)))).isEqualTo("Allow");

        Invocation.ok(new RegenerateAccessTokenHandler(TABLES::variable),
                Invocation.event("regenerate-access-token", user));

        assertThat(effect(invoke("/api/users/me", Map.of("Authorization", "Bearer " + old)))).isEqualTo("Deny");
        assertThat(effect(invoke("/api/users/me", Map.of("Authorization", "Bearer " + accessToken()))))
                .isEqualTo("Allow");
    }

    @Test
    void anExpiredSessionIsDeniedThoughItsItemIsStillThere() {
        var cookie = Map.of("Cookie", "sessionid=" + user.sessionId());
        assertThat(effect(invoke("/api/users/me", cookie))).isEqualTo("Allow");

        var credential = "session#" + new OpaqueToken(user.sessionId()).sha256();
        var item = new java.util.HashMap<>(TABLES.item("Credentials", credential, credential).orElseThrow());
        item.put("expires", AttributeValue.fromN(Long.toString(Instant.now().getEpochSecond() - 1)));
        TABLES.put("Credentials", item);

        assertThat(effect(invoke("/api/users/me", cookie))).isEqualTo("Deny");
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/users/me/token", "POST,/api/users/me/token/regenerate"})
    void sessionOnlyRoutesDenyABearer(String method, String resource) {
        var bearer = event(method, resource, Map.of("Authorization", "Bearer " + accessToken()));
        var session = event(method, resource, Map.of("Cookie", "sessionid=" + user.sessionId()));

        assertThat(effect(Invocation.invoke(authorizer, bearer))).isEqualTo("Deny");
        assertThat(effect(Invocation.invoke(authorizer, session))).isEqualTo("Allow");
    }

    @Test
    void verifiesTheCsrfTokenOfThisVerySession() {
        var other = Invocation.signInAgain(TABLES, user.userId());
        var cookie = "sessionid=" + user.sessionId();

        assertThat(csrfVerified(Map.of("Cookie", cookie, "x-csrftoken", user.csrfToken()))).isEqualTo("true");
        assertThat(csrfVerified(Map.of("Cookie", cookie))).isEqualTo("false");
        assertThat(csrfVerified(Map.of("Cookie", cookie, "X-CSRFToken", ""))).isEqualTo("false");
        assertThat(csrfVerified(Map.of("Cookie", cookie, "X-CSRFToken", other.csrfToken()))).isEqualTo("false");
        assertThat(csrfVerified(Map.of("Cookie", cookie, "X-CSRFToken", user.sessionId()))).isEqualTo("false");
        assertThat(csrfVerified(Map.of("Cookie", cookie + "; csrftoken=" + user.csrfToken()))).isEqualTo("false");
        assertThat(csrfVerified(Map.of("Cookie", cookie, "X-CSRFToken", user.csrfToken(), "x-csrftoken", "x")))
                .isEqualTo("false");
    }

    @Test
    void saysOfANamedTokenWhichItIsAndThatItMayOnlyRead() {
        var named = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\",\"read_only\":true}");

        assertThat(invoke("/api/users/me", Map.of("Authorization", "Bearer " + named.get("access_token")))
                .object("context").toJson())
                .isEqualTo(
                        "{\"credential\":\"BEARER\",\"csrfVerified\":\"false\",\"readOnly\":\"true\",\"credentialId\":\"%s\"}"
                                .formatted(named.get("id")));
        assertThat(effect(invoke("/api/users/tokens",
                Map.of("Authorization", "Bearer " + named.get("access_token"))))).isEqualTo("Deny");
    }

    @Test
    void anOutageIsNeitherAllowNorDeny() {
        var broken = new AuthorizerHandler(TABLES.variables(Map.of("CREDENTIALS_TABLE", "no-such-table"))::get);
        assertThatThrownBy(() -> Invocation.invoke(broken,
                event("/api/users/me", Map.of("Cookie", "sessionid=" + user.sessionId()))))
                .hasMessageStartingWith("Internal error").hasNoCause()
                .hasMessageNotContaining(user.sessionId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"methodArn\": 1}", "{\"methodArn\": \"arn:aws:execute-api:eu-west-1:1:a/prod\"}"})
    void anEventWithoutTheArnOfAMethodIsRefusedByNameAndNotAllowed(String event) {
        var answer = Invocation.invoke(authorizer, event);

        assertThat(answer.string("detail").orElseThrow()).startsWith("methodArn: ");
        assertThat(answer.members()).doesNotContainKey("policyDocument");
    }

    /** Whether a request with that Cookie header would reach its function. */
    static boolean isAllowed(LocalTables tables, String cookie) {
        var answer = Invocation.invoke(new AuthorizerHandler(tables::variable),
                event("/api/users/me", Map.of("Cookie", cookie)));
        return effect(answer).equals("Allow");
    }

    /** Whether a request with that access token would reach its function. */
    static boolean isBearerAllowed(LocalTables tables, String token) {
        var answer = Invocation.invoke(new AuthorizerHandler(tables::variable),
                event("/api/users/me", Map.of("Authorization", "Bearer " + token)));
        return effect(answer).equals("Allow");
    }

    private String csrfVerified(Map<String, String> headers) {
        return Invocation.invoke(authorizer, event("PATCH", "/api/users/settings", headers)).object("context")
                .string("csrfVerified").orElseThrow();
    }

    private String accessToken() {
        return Invocation.shownToken(TABLES, user);
    }

    @Test
    void aUseThatCannotBeRecordedIsAllowedAndLogged() {
        var session = "session#" + new OpaqueToken(user.sessionId()).sha256();
        var item = new HashMap<>(TABLES.item("Credentials", session, session).orElseThrow());
        item.put("last_seen", AttributeValue.fromN(Long.toString(Instant.now().getEpochSecond() - 7_200)));
        TABLES.put("Credentials", item);
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var distant = new AuthorizerHandler(
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
            network.failAll(Fault.ERROR, "SET last_seen");
            var context = new RecordingContext("Authorizer");

            var answer = context.invoke(distant,
                    event("/api/users/me", Map.of("Cookie", "sessionid=" + user.sessionId())));

            assertThat(answer).contains("\"Allow\"");
            assertThat(context.lines()).singleElement().asString().contains("\"outcome\":\"ok\"", "\"failure\":[",
                    user.userId());
        }
    }

    private JsonObject invoke(String resource, Map<String, String> headers) {
        return Invocation.invoke(authorizer, event(resource, headers));
    }

    /** A route without a row in the access rules. */
    @ParameterizedTest
    @CsvSource({"GET,/api/users/elsewhere", "POST,/api/users/me", "POST,/api/users/stripe/webhook"})
    void deniesARouteThatItDoesNotKnow(String method, String resource) {
        for (var header : List.of(Map.of("Cookie", "sessionid=" + user.sessionId()),
                Map.of("Authorization", "Bearer " + accessToken()))) {
            assertThat(effect(Invocation.invoke(authorizer, event(method, resource, header)))).isEqualTo("Deny");
        }
    }

    private static String event(String resource, Map<String, String> headers) {
        return event("GET", resource, headers);
    }

    private static String event(String method, String resource, Map<String, String> headers) {
        var multiValue = new JsonObject();
        headers.forEach((name, value) -> multiValue.put(name, List.of(value)));
        return Invocation.json(Events.read("authorizer")).put("resource", resource).put("httpMethod", method)
                .put("multiValueHeaders", multiValue).put("headers", null).toJson();
    }

    private static String effect(JsonObject answer) {
        var statement = (JsonObject) ((List<?>) answer.object("policyDocument").get("Statement")).getFirst();
        return statement.string("Effect").orElseThrow();
    }
}
