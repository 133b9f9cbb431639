package usersapi.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One request over the wire, and its reply. */
public final class Exchange {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, ReplyCheck> CHECKS = new ConcurrentHashMap<>();

    /** A check of a server's replies. */
    @FunctionalInterface
    public interface ReplyCheck {

        /** Accepts every reply. */
        ReplyCheck NONE = (method, request, reply) -> {};

        /** Throws an {@link AssertionError} if a reply to this request is wrong. */
        void check(String method, URI request, Reply reply);
    }

    private final URI uri;
    private final HttpRequest.Builder request;
    private final String method;
    private BodyPublisher body = BodyPublishers.noBody();

    private Exchange(URI uri, String method) {
        this.uri = uri;
        request = HttpRequest.newBuilder(uri);
        this.method = method;
    }

    /** A request without headers or body. */
    public static Exchange of(URI server, String method, String path) {
        return new Exchange(URI.create(server + path), method);
    }

    /** Adds a header; several of one name are sent as several. */
    public Exchange header(String name, String value) {
        request.header(name, value);
        return this;
    }

    /** The body, as UTF-8. */
    public Exchange body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The body. */
    public Exchange body(byte[] bytes) {
        body = BodyPublishers.ofByteArray(bytes);
        return this;
    }

    /**
     * Lets every reply of a server pass a check before its sender sees it.
     *
     * @param server as given to {@link #of}
     */
    public static void checkRepliesOf(URI server, ReplyCheck check) {
        CHECKS.put(server.getAuthority(), check);
    }

    /** Sends the request and waits for the reply, which passes its server's check. */
    public Reply send() {
        try {
            var reply = new Reply(CLIENT.send(request.method(method, body).build(), BodyHandlers.ofByteArray()));
            CHECKS.getOrDefault(uri.getAuthority(), ReplyCheck.NONE).check(method, uri, reply);
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The reply. */
    public record Reply(HttpResponse<byte[]> response) {

        public int status() {
            return response.statusCode();
        }

        /** The body, read as UTF-8. */
        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        /** The body, read as JSON. */
        public JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The first value of a header. */
        public Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        /** All values of a header. */
        public List<String> headers(String name) {
            return response.headers().allValues(name);
        }
    }
}
