package usersapi.function;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;

/** The log tells an account's history by the user's id, in fixed words and without anything secret. */
class AccountHistoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final List<JsonObject> lines = new ArrayList<>();

    private void log(RequestStreamHandler function, String event) {
        lines.addAll(Invocation.log(function, event));
    }

    private String event(String function, Invocation.SignedIn user) {
        return Invocation.event(TABLES.template().function(function), user);
    }

    @Test
    void isToldByTheFunctionThatDoesIt() {
        log(new ProvisionUserHandler(TABLES::variable), "{\"email\":\"history@example.com\"}");
        var user = Invocation.signIn(TABLES, "history@example.com");
        var external = "{\"external_id\":\"%s\"}".formatted(user.userId());
        log(new ProvisionUserHandler(TABLES::variable), "{\"email\":\"history@example.com\"}");
        log(new OpenSessionHandler(TABLES::variable), external);
        log(new EndOtherSessionsHandler(TABLES::variable), event("EndOtherSessions", user));
        var other = Invocation.signInAgain(TABLES, user.userId());
        log(new EndSessionHandler(TABLES::variable), event("EndSession", other));
        log(new EndSessionHandler(TABLES::variable), event("EndSession", other));
        log(new CloseSessionHandler(TABLES::variable), "{\"session_id\":\"%s\"}"
                .formatted(Invocation.signInAgain(TABLES, user.userId()).sessionId()));
        log(new RegenerateAccessTokenHandler(TABLES::variable), event("RegenerateAccessToken", user));
        var token = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a label\"}");
        log(new CreateTokenHandler(TABLES::variable), event("CreateToken", user));
        log(new EndTokenHandler(TABLES::variable), Invocation.json(event("EndToken", user))
                .put("pathParameters", new JsonObject().put("id", token.get("id"))).toJson());
        var kept = (JsonObject) ((List<?>) Invocation.ok(new ListTokensHandler(TABLES::variable),
                event("ListTokens", user)).get("tokens")).getFirst();
        log(new SignOutHandler(TABLES::variable), event("SignOut", user));
        log(new RevokeSessionsHandler(TABLES::variable), external);
        log(new ListSessionsHandler(TABLES::variable), event("ListSessions", user));

        var history = lines.stream().filter(line -> user.userId().equals(line.get("user_id")))
                .filter(line -> line.has("account_event")).map(line -> line.get("account_event")).toList();

        var ends = lines.stream().filter(line -> line.has("expires"))
                .collect(toMap(line -> line.get("account_event"), line -> line.get("expires")));
        assertThat(ends.keySet()).containsExactlyInAnyOrder("session_opened", "token_made");
        assertThat(ends).containsEntry("token_made", kept.get("expires"));
        assertThat(history).containsExactly("user_made", "session_opened", "other_sessions_ended", "session_ended",
                "session_closed", "token_replaced", "token_made", "token_ended", "signed_out", "sessions_revoked");
        assertThat(lines).allSatisfy(line -> assertThat(line.toJson()).doesNotContain("history@", "a label", "laptop",
                user.sessionId(), user.csrfToken(), token.string("access_token").orElseThrow()));
    }
}
