package usersapi.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/** A request as the client sent it. */
final class Call {

    private final String id = UUID.randomUUID().toString();
    private final Instant at = Instant.now();
    private final Request request;
    private final byte[] body;

    Call(Request request, byte[] body) {
        this.request = request;
        this.body = body;
    }

    /** API Gateway's id of the request. */
    String id() {
        return id;
    }

    /** The time of its arrival. */
    Instant at() {
        return at;
    }

    String method() {
        return request.getMethod();
    }

    /** The path as sent: not decoded, with a trailing slash if it was sent with one. */
    String path() {
        return request.getHttpURI().getPath();
    }

    /** API Gateway's extended id of the request. */
    String extendedId() {
        return Base64.getEncoder().encodeToString(id.substring(0, 11).getBytes(StandardCharsets.US_ASCII));
    }

    /** The request's trace in X-Ray: the root of the client's trace, or a new one. */
    String traceId() {
        return client("Root").orElseGet(
                () -> "1-%08x-%s".formatted(at.getEpochSecond(), id.replace("-", "").substring(0, 24)));
    }

    /** The trace header for the client. */
    String trace() {
        var parent = client("Parent");
        return "Root=%s;Parent=%s;Sampled=%s".formatted(traceId(),
                parent.orElseGet(() -> id.replace("-", "").substring(16)),
                client("Sampled").orElse(parent.isPresent() ? "1" : "0"));
    }

    /** A part of the client's trace header. */
    private Optional<String> client(String part) {
        var parts = header("X-Amzn-Trace-Id").orElse("").split(";", -1);
        return Arrays.stream(parts).map(String::strip).filter(text -> text.startsWith(part + "="))
                .map(text -> text.substring(part.length() + 1)).findFirst();
    }

    /** The query's parameters, decoded, each with all its values. */
    Map<String, List<String>> parameters() {
        var parameters = new LinkedHashMap<String, List<String>>();
        for (var pair : query().orElse("").split("&", -1)) {
            if (!pair.isEmpty()) {
                var parts = pair.split("=", 2);
                parameters.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
                        .add(parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** The query string as sent. */
    Optional<String> query() {
        return Optional.ofNullable(request.getHttpURI().getQuery());
    }

    HttpFields headers() {
        return request.getHeaders();
    }

    /** The first value of a header; its name is not case-sensitive. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers().get(name));
    }

    byte[] body() {
        return body;
    }

    /** The body as UTF-8, with U+FFFD for invalid bytes. */
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as a form's fields. A repeated field counts once; a malformed one is ignored. */
    Map<String, String> form() {
        var fields = new HashMap<String, String>();
        for (var pair : text().split("&", -1)) {
            var parts = pair.split("=", 2);
            try {
                if (parts.length == 2) {
                    fields.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                            URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
                }
            } catch (IllegalArgumentException brokenEscape) {
                // No browser sends this; the page then shows what is missing.
            }
        }
        return fields;
    }

    String protocol() {
        return request.getConnectionMetaData().getProtocol();
    }

    /** The port that the client called. */
    int port() {
        return Request.getLocalPort(request);
    }

    String sourceIp() {
        return Request.getRemoteAddr(request);
    }
}
