package usersapi.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** The API over HTTP. */
final class Api implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    /** Longer than API Gateway's limit of 29 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI uri;

    /** The API at this base URL. */
    Api(URI uri) {
        this.uri = uri;
    }

    /**
     * A reply.
     *
     * @param request method and path of the request
     * @param body its JSON
     * @param location the address of a redirect; empty if there is none
     */
    record Reply(String request, int status, JsonNode body, String location, String requestId) {

        /** The member of this name, as text. */
        String text(String member) {
            return body.path(member).asText();
        }

        /** Returns the reply if it has this status. */
        Reply expect(int expected) {
            return expect(status == expected, "%d expected".formatted(expected));
        }

        /** Returns the reply if it has this status and this message. */
        Reply expect(int expected, String message) {
            return expect(expected).expect(text("message").equals(message), "«%s» expected".formatted(message));
        }

        /** Returns the reply if the condition holds. */
        Reply expect(boolean isSo, String what) {
            if (!isSo) {
                throw new SmokeFailure("%s: %s; it answered %d «%s», request id %s".formatted(request, what, status,
                        text("message"), requestId));
            }
            return this;
        }

        /** Without the body, which may be a credential. */
        @Override
        public String toString() {
            return "%s: %d".formatted(request, status);
        }
    }

    /** Sends a request. */
    Reply send(String method, String path, Map<String, String> headers, String body) {
        var what = method + " " + path;
        var request = HttpRequest.newBuilder(URI.create(uri + path)).timeout(TIMEOUT)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return reply(what, client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new SmokeFailure("%s: no answer (%s)".formatted(what, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmokeFailure("interrupted", e);
        }
    }

    /** Checks what every reply must have: JSON and the header against storing. */
    private static Reply reply(String what, HttpResponse<String> response) {
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (IOException e) {
            throw new SmokeFailure("%s: answered %d without JSON".formatted(what, response.statusCode()), e);
        }
        var headers = response.headers();
        return new Reply(what, response.statusCode(), body, headers.firstValue("Location").orElse(""),
                headers.firstValue("x-amzn-RequestId").orElse("none"))
                .expect(headers.firstValue("Cache-Control").orElse("").equals("no-store"),
                        "Cache-Control: no-store expected")
                .expect(headers.firstValue("X-Content-Type-Options").orElse("").equals("nosniff"),
                        "X-Content-Type-Options: nosniff expected");
    }

    @Override
    public void close() {
        client.close();
    }
}
