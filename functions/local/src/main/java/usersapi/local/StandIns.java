package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import usersapi.testing.Template;

/** What the product's other services do, reduced to what the API needs of them here: the login service. */
final class StandIns {

    /** No route of the API is under this path. */
    static final String PREFIX = "/local/";

    private static final JsonMapper JSON = new JsonMapper();

    private final Template template;
    private final Functions functions;
    private final Set<String> origins;

    /**
     * Stand-ins that only pages of these origins may call: a signed-in user must not be another web page's choice.
     */
    StandIns(Template template, Functions functions, Set<String> origins) {
        this.template = template;
        this.functions = functions;
        this.origins = origins;
    }

    Answer answer(Call call) {
        if (call.header("Origin").filter(origin -> !origins.contains(origin)).isPresent()) {
            return message(403, "Only pages of this server may do this");
        }
        try {
            return switch (call.method() + " " + call.path().substring(PREFIX.length())) {
                case "GET health" -> message(200, "ok");
                case "POST sign-in" -> signIn(call);
                case "POST sign-out" -> signOut(call);
                default -> message(404, "Not Found");
            };
        } catch (FunctionFailedException e) {
            return message(500, "Internal server error");
        }
    }

    private Answer signIn(Call call) throws FunctionFailedException {
        ObjectNode session;
        try {
            session = signIn(JSON.readTree(call.body()));
        } catch (IOException notJson) {
            return message(400, "The body is not JSON");
        }
        if (!isOk(session)) {
            return Answer.json(400, session);
        }
        var body = JSON.createObjectNode();
        for (var name : List.of("external_id", "session_id", "csrf_token")) {
            body.set(name, session.get(name));
        }
        return new Answer(200, Map.of("Content-Type", List.of("application/json"), "Set-Cookie", cookies(session)),
                Answer.bytes(body.toString()));
    }

    /**
     * Provisions the user of a request and opens a session.
     *
     * @return what the function says that did not agree, or OpenSession's answer with the {@code external_id} beside it
     */
    ObjectNode signIn(JsonNode request) throws FunctionFailedException {
        var user = invoke("ProvisionUser", request);
        if (!isOk(user)) {
            return user;
        }
        var externalId = user.get("external_id");
        return invoke("OpenSession", JSON.createObjectNode().set("external_id", externalId)).set("external_id",
                externalId);
    }

    private Answer signOut(Call call) throws FunctionFailedException {
        var name = template.function("CloseSession").environment().get("SESSION_COOKIE");
        var id = call.headers().getValuesList("Cookie").stream().flatMap(header -> Arrays.stream(header.split(";")))
                .map(String::strip).filter(cookie -> cookie.startsWith(name + "=")).findFirst()
                .map(cookie -> cookie.substring(name.length() + 1));
        if (id.isEmpty()) {
            return message(401, "Not authenticated");
        }
        var closed = invoke("CloseSession", JSON.createObjectNode().put("session_id", id.get()));
        return isOk(closed)
                ? new Answer(204, Map.of("Set-Cookie", cookies(closed)), ByteBuffer.allocate(0))
                : Answer.json(400, closed);
    }

    private ObjectNode invoke(String function, JsonNode event) throws FunctionFailedException {
        try {
            var answer = functions.invoke(function, JSON.writeValueAsBytes(event));
            return JSON.readValue(answer, ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(function + " did not answer with a JSON object", e);
        }
    }

    private static boolean isOk(JsonNode answer) {
        return answer.path("message").asText().equals("ok");
    }

    /** Without {@code Secure}: this server speaks plain HTTP, and over that not every browser stores a secure cookie. */
    private static List<String> cookies(JsonNode answer) {
        return answer.path("cookies").valueStream().map(cookie -> cookie.asText().replaceAll("(?i); *secure", ""))
                .toList();
    }

    private static Answer message(int status, String message) {
        return Answer.json(status, JSON.createObjectNode().put("message", message));
    }
}
