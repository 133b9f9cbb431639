package usersapi.billing;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.util.List;
import java.util.Optional;
import usersapi.function.AuthorizerHandler;
import usersapi.function.CreateTokenHandler;
import usersapi.function.GetAccessTokenHandler;
import usersapi.function.OpenSessionHandler;
import usersapi.function.ProvisionUserHandler;
import usersapi.json.JsonObject;
import usersapi.standin.Events;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** Calls of other functions for users, for tests that need their results. */
final class UserFunctions {

    private final LocalTables tables;

    UserFunctions(LocalTables tables) {
        this.tables = tables;
    }

    /** Makes a user; the external id. */
    String provision(String email) {
        return invoke(new ProvisionUserHandler(tables::variable), new JsonObject().put("email", email).toJson())
                .string("external_id").orElseThrow();
    }

    /** Opens a session, whose id it gives; empty without such a user. */
    Optional<String> open(String userId) {
        return invoke(new OpenSessionHandler(tables::variable), new JsonObject().put("external_id", userId).toJson())
                .string("session_id");
    }

    /** The user's access token, as this session is shown it. */
    String token(String userId, String sessionId) {
        var answer = invoke(new GetAccessTokenHandler(tables::variable),
                Events.read("get-access-token", userId, sessionId));
        return BillingFixture.object(answer.string("body").orElseThrow()).string("access_token").orElseThrow();
    }

    /** Makes a named token, by this session. */
    String named(String userId, String sessionId) {
        var answer = invoke(new CreateTokenHandler(tables::variable), Events.read("create-token", userId, sessionId));
        return BillingFixture.object(answer.string("body").orElseThrow()).string("access_token").orElseThrow();
    }

    /** Whether a request with this cookie would reach its function. */
    boolean isSessionValid(String sessionId) {
        return isAllowed("Cookie", "sessionid=" + sessionId);
    }

    /** Whether a request with this access token would reach its function. */
    boolean isTokenValid(String token) {
        return isAllowed("Authorization", "Bearer " + token);
    }

    private boolean isAllowed(String header, String value) {
        var event = BillingFixture.object(Events.read("authorizer"));
        event.put("multiValueHeaders", new JsonObject().put(header, List.of(value)));
        return invoke(new AuthorizerHandler(tables::variable), event.toJson()).toJson().contains("\"Allow\"");
    }

    static JsonObject invoke(RequestStreamHandler function, String event) {
        return BillingFixture.object(new RecordingContext(function.getClass().getSimpleName()).invoke(function, event));
    }
}
