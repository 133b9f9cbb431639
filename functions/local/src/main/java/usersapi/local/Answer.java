package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The HTTP answer to a request.
 *
 * @param headers values by name
 */
record Answer(int status, Map<String, List<String>> headers, ByteBuffer body) {

    /** An answer with a JSON body. */
    static Answer json(int status, String body) {
        return new Answer(status, Map.of("Content-Type", List.of("application/json")), bytes(body));
    }

    /** An answer with a JSON body. */
    static Answer json(int status, JsonNode body) {
        return json(status, body.toString());
    }

    /** An answer with a {@code message}. */
    static Answer message(int status, String message) {
        return json(status, JsonNodeFactory.instance.objectNode().put("message", message));
    }

    /** An answer that redirects to another page. */
    static Answer seeOther(String location) {
        return new Answer(303, Map.of("Location", List.of(location)), ByteBuffer.allocate(0));
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same cookie without {@code Secure}, because not every client stores a secure cookie over plain HTTP. */
    static String overPlainHttp(String setCookie) {
        return setCookie.replaceAll("(?i); *secure(?=;|$)", "");
    }
}
