package usersapi.function;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.util.List;
import usersapi.json.JsonObject;
import usersapi.standin.Events;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** Invokes the functions as Lambda does, with the events of {@code events/}. */
final class Invocation {

    private Invocation() {}

    /** A user with a session, made by the functions. */
    record SignedIn(String userId, String sessionId, String csrfToken) {}

    static SignedIn signIn(LocalTables tables, String email) {
        var userId = invoke(new ProvisionUserHandler(tables::variable), new JsonObject().put("email", email).toJson())
                .string("external_id").orElseThrow();
        return signInAgain(tables, userId);
    }

    static SignedIn signInAgain(LocalTables tables, String userId) {
        var session = invoke(new OpenSessionHandler(tables::variable),
                new JsonObject().put("external_id", userId).toJson());
        return new SignedIn(userId, session.string("session_id").orElseThrow(),
                session.string("csrf_token").orElseThrow());
    }

    /** Ends the session, as a request of the user's own does. */
    static void signOut(LocalTables tables, SignedIn user) {
        ok(new SignOutHandler(tables::variable), event("sign-out", user));
    }

    /** The event of {@code events/NAME.json}, for this user. */
    static String event(String name, String userId) {
        return Events.read(name, userId, Events.SESSION);
    }

    /** The event of {@code events/NAME.json}, for this user and session. */
    static String event(String name, SignedIn user) {
        return Events.read(name, user.userId(), user.sessionId());
    }

    /** The event of a function's file, for this user and session. */
    static String event(Template.Function function, SignedIn user) {
        return event(Events.nameOf(function), user);
    }

    /** The event of a function's file, for this user, from an authorizer that does not say which session it is. */
    static String eventWithoutSession(Template.Function function, SignedIn user) {
        var event = json(event(function, user));
        event.object("requestContext").object("authorizer").put("credentialId", "");
        return event.toJson();
    }

    /** The user's access token, as the API shows it to this session. */
    static String shownToken(LocalTables tables, SignedIn user) {
        return ok(new GetAccessTokenHandler(tables::variable), event("get-access-token", user)).string("access_token")
                .orElseThrow();
    }

    static JsonObject invoke(RequestStreamHandler function, String event) {
        return json(answer(function, event));
    }

    /** The answer as AWS's own event library reads it. */
    static <T> T invoke(RequestStreamHandler function, String event, Class<T> type) {
        return JacksonFactory.getInstance().getSerializer(type).fromJson(answer(function, event));
    }

    static APIGatewayProxyResponseEvent respond(RequestStreamHandler function, String event) {
        return invoke(function, event, APIGatewayProxyResponseEvent.class);
    }

    /** The lines that an invocation logs, in order; the last one is about the invocation. */
    static List<JsonObject> log(RequestStreamHandler function, String event) {
        var context = context(function);
        context.invoke(function, event);
        return context.lines().stream().map(Invocation::json).toList();
    }

    /** The body of a 200. */
    static JsonObject ok(RequestStreamHandler function, String event) {
        var response = respond(function, event);
        if (response.getStatusCode() != 200) {
            throw new AssertionError(response.getStatusCode() + " " + response.getBody());
        }
        return json(response.getBody());
    }

    static JsonObject json(String text) {
        return ((JsonObject.Parsed.Valid) JsonObject.parse(text)).object();
    }

    private static String answer(RequestStreamHandler function, String event) {
        return context(function).invoke(function, event);
    }

    private static RecordingContext context(RequestStreamHandler function) {
        return new RecordingContext(function.getClass().getSimpleName());
    }
}
