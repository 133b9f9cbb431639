package usersapi.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.Collectors;

/** The smoke test's user, managed by the functions for a login service and an operator. */
final class TestUsers {

    /** No mail is ever sent to this domain (RFC 2606, section 3). */
    static final String EMAIL = "smoke-test@example.com";

    private static final JsonMapper JSON = new JsonMapper();

    private final LambdaCli lambda;
    private final SmokeOptions options;

    TestUsers(LambdaCli lambda, SmokeOptions options) {
        this.lambda = lambda;
        this.options = options;
    }

    /**
     * A session.
     *
     * @param cookies the value of the header {@code Cookie}
     */
    record Session(String cookies, String csrfToken) {

        /** Without the credentials. */
        @Override
        public String toString() {
            return "Session";
        }
    }

    /** Creates or finds the user; returns its external id. */
    String provision() {
        return text(ok("ProvisionUser", options.provisionUser(), event("email", EMAIL)), "external_id");
    }

    /** Signs the user in. */
    Session open(String externalId) {
        var opened = ok("OpenSession", options.openSession(), event("external_id", externalId));
        var cookies = opened.path("cookies").valueStream().map(cookie -> cookie.asText().replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
        return new Session(cookies, text(opened, "csrf_token"));
    }

    /** Deletes the user, if the options name the function. */
    Optional<String> delete(String externalId) {
        return options.deleteUser().map(function -> {
            ok("DeleteUser", function, event("external_id", externalId));
            return externalId;
        });
    }

    private JsonNode ok(String name, String function, ObjectNode event) {
        var answer = lambda.invoke(function, event);
        if (!text(answer, "message").equals("ok")) {
            throw new SmokeFailure("%s answered «%s»".formatted(name, text(answer, "message")));
        }
        return answer;
    }

    private static ObjectNode event(String member, String value) {
        return JSON.createObjectNode().put(member, value);
    }

    private static String text(JsonNode answer, String member) {
        return answer.path(member).asText();
    }
}
