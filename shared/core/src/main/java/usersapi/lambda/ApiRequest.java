package usersapi.lambda;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import usersapi.credential.Cookie;
import usersapi.json.JsonObject;

/**
 * A request as API Gateway hands it to a REQUEST authorizer or a proxy integration (API Gateway Developer Guide, «Input
 * format of a Lambda function for proxy integration»).
 */
public final class ApiRequest {

    /** The reason for a body that is not base64 although the event says so. API Gateway sends no such event. */
    static final String NOT_BASE64 = "body: not base64, as isBase64Encoded says";

    private static final int MAX_BODY_CHARACTERS = 65_536;

    private final JsonObject event;

    /** Wraps the event; members that are absent or null read as empty. */
    public ApiRequest(JsonObject event) {
        this.event = event;
    }

    /** The HTTP method, upper case. */
    public String method() {
        return event.string("httpMethod").orElse("");
    }

    /** The path of the resource in the template, without a trailing slash; never the client's text. */
    public String resource() {
        return event.string("resource").orElse("");
    }

    /** The segment of the path at {@code {name}} in the resource, percent-encoded if the client sent it so. */
    public Optional<String> pathParameter(String name) {
        return event.object("pathParameters").string(name);
    }

    /** The rule of the request's route. */
    public AccessRules.Rule rule() {
        return AccessRules.of(method(), resource());
    }

    /**
     * The id of the request, which the client gets as {@code x-amzn-RequestId}; empty if it is not a UUID. A client may send
     * its own id, of which the access log accepts only a UUID (API Gateway Developer Guide, «Access log formats»).
     */
    public String requestId() {
        return event.object("requestContext").string("requestId").filter(ApiRequest::isUuid).orElse("");
    }

    private static boolean isUuid(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) != '-' && !HexFormat.isHexDigit(id.charAt(i))) {
                return false;
            }
        }
        return id.length() == 36;
    }

    /** ARN of the called method; only an authorizer's event has one. */
    public String methodArn() {
        return event.string("methodArn").orElse("");
    }

    /** All values of a header. Its name is not case-sensitive; HTTP/2 clients send it in lower case. */
    public List<String> headers(String name) {
        var values = new ArrayList<String>();
        var all = event.object("multiValueHeaders");
        (all.isEmpty() ? event.object("headers") : all).members().forEach((key, value) -> {
            if (key.equalsIgnoreCase(name)) {
                switch (value) {
                    case String one -> values.add(one);
                    case List<?> several -> several.forEach(one -> values.add(String.valueOf(one)));
                    case null, default -> {
                    }
                }
            }
        });
        return values;
    }

    /** The header's one value; empty if it is absent or repeated with another value. */
    public Optional<String> header(String name) {
        var values = headers(name).stream().distinct().toList();
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /** All values of a query parameter, which API Gateway has percent-decoded once. */
    public List<String> query(String name) {
        var several = event.object("multiValueQueryStringParameters");
        var value = several.isEmpty() ? event.object("queryStringParameters").get(name) : several.get(name);
        return switch (value) {
            case String one -> List.of(one);
            case List<?> all -> all.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }

    /** The cookies of the request, in their order. */
    public List<Cookie> cookies() {
        return Cookie.all(headers("Cookie"));
    }

    /** The caller as the authorizer names it; empty if no authorizer has allowed this request. */
    public Optional<Principal> principal() {
        return Principal.of(event.object("requestContext").object("authorizer"));
    }

    /** Whether there is a body. */
    public boolean hasBody() {
        return event.string("body").filter(body -> !body.isEmpty()).isPresent();
    }

    /** The body as a JSON object; {@link JsonObject.Parsed.Invalid#reason()} starts with {@code body:}. */
    public JsonObject.Parsed json() {
        String text;
        try {
            text = text();
        } catch (IllegalArgumentException e) {
            return new JsonObject.Parsed.Invalid(NOT_BASE64);
        }
        return text != null && text.length() > MAX_BODY_CHARACTERS
                ? new JsonObject.Parsed.Invalid("body: longer than " + MAX_BODY_CHARACTERS + " characters")
                : parse(text);
    }

    /**
     * The same for a sender that has signed the body: of any length, and also with U+FFFD, which is an ordinary character
     * under a valid signature.
     */
    static JsonObject.Parsed signedJson(byte[] body) {
        return parse(new String(body, StandardCharsets.UTF_8));
    }

    /** Whether the body is longer than that, in the characters of the event; this decodes nothing. */
    boolean isBodyLongerThan(int characters) {
        return event.string("body").orElse("").length() > characters;
    }

    private static JsonObject.Parsed parse(String text) {
        if (text == null) {
            return new JsonObject.Parsed.Invalid("body: not valid UTF-8, or holds U+FFFD");
        }
        return switch (JsonObject.parse(text)) {
            case JsonObject.Parsed.Invalid(var reason) -> new JsonObject.Parsed.Invalid("body: " + reason);
            case JsonObject.Parsed.Valid valid -> valid;
        };
    }

    /**
     * The body's bytes as the client sent and signed them.
     *
     * @throws IllegalArgumentException if it is {@link #NOT_BASE64}
     */
    byte[] body() {
        var body = event.string("body").orElse("");
        return isBase64() ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    }

    /** The body's text; null if it was not UTF-8. */
    private String text() {
        if (!isBase64()) {
            var body = event.string("body").orElse("");
            // API Gateway has put U+FFFD for every byte that is not UTF-8.
            return body.indexOf('\uFFFD') < 0 ? body : null;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body())).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private boolean isBase64() {
        return Boolean.TRUE.equals(event.get("isBase64Encoded"));
    }
}
