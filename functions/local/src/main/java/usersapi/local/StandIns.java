package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.credential.Credential;
import usersapi.standin.Template;
import usersapi.storage.FileRepository;
import usersapi.table.FilesTable;

/** Stand-ins of the product's other services: a login and the file service. */
final class StandIns {

    /** No route of the API is under this path. */
    static final String PREFIX = "/local/";
    /** The page where a person signs in. */
    static final String SIGN_IN = "/api/auth/sign-in/";

    private static final JsonMapper JSON = new JsonMapper();

    private final Template template;
    private final Functions functions;
    private final Set<String> origins;
    private final DynamoDbClient dynamoDb;
    private final Billing billing;
    private final Queues queues;
    private final IdentityProvider identityProvider;

    /** Makes stand-ins that only pages of these origins may call, so that no other web page can sign somebody in. */
    StandIns(Template template, Functions functions, Set<String> origins, DynamoDbClient dynamoDb,
            Billing billing, Queues queues, IdentityProvider identityProvider) {
        this.template = template;
        this.functions = functions;
        this.origins = origins;
        this.dynamoDb = dynamoDb;
        this.billing = billing;
        this.queues = queues;
        this.identityProvider = identityProvider;
    }

    /**
     * Answers a request.
     *
     * @param caller returns the id of the request's user
     */
    Answer answer(Call call, Supplier<Optional<String>> caller) {
        if (call.header("Origin").filter(origin -> !origins.contains(origin)).isPresent()) {
            return Answer.message(403, "Only pages of this server may do this");
        }
        if (call.path().startsWith(FileService.PREFIX)) {
            return caller.get().map(userId -> fileService().answer(call, userId))
                    .orElseGet(() -> call.method().equals("GET")
                            ? Answer.seeOther(SIGN_IN + "?next=" + FileService.PREFIX)
                            : Answer.message(401, "Not authenticated"));
        }
        if (call.path().startsWith(Queues.PREFIX)) {
            return queues.answer(call);
        }
        if (call.path().startsWith(Billing.PREFIX)) {
            return billing.answer(call);
        }
        if (call.path().startsWith(IdentityProvider.PREFIX)) {
            return identityProvider.answer(call);
        }
        try {
            return switch (call.method() + " " + call.path().substring(PREFIX.length())) {
                case "GET health" -> Answer.message(200, "ok");
                case "GET stand-ins.css" -> Page.style();
                case "POST sign-in" -> signIn(call);
                case "POST sign-out" -> signOut(call);
                default -> Answer.message(404, "Not Found");
            };
        } catch (FunctionFailedException e) {
            return Answer.message(500, "Internal server error");
        }
    }

    private Answer signIn(Call call) throws FunctionFailedException {
        JsonNode request;
        try {
            request = JSON.readTree(call.body());
        } catch (IOException notJson) {
            request = MissingNode.getInstance();
        }
        if (!request.isObject()) {
            return Answer.message(400, "The body is not a JSON object");
        }
        var session = signIn(request);
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
     * @return the refusal of a function, or OpenSession's answer with the {@code external_id}
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
        // Read as by the authorizer, so that the open session is closed.
        var credential = Credential.of(List.of(), call.headers().getValuesList("Cookie"),
                template.environment().get("SESSION_COOKIE"));
        if (!(credential instanceof Credential.SessionCookie(var id))) {
            return Answer.message(401, "Not authenticated");
        }
        var closed = invoke("CloseSession", JSON.createObjectNode().put("session_id", id.value()));
        return isOk(closed)
                ? new Answer(204, Map.of("Set-Cookie", cookies(closed)), ByteBuffer.allocate(0))
                : Answer.json(400, closed);
    }

    private FileService fileService() {
        return new FileService(new FileRepository(dynamoDb, new FilesTable(template.table("Files").name())));
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

    private static List<String> cookies(JsonNode answer) {
        return answer.path("cookies").valueStream().map(cookie -> Answer.overPlainHttp(cookie.asText())).toList();
    }
}
