package usersapi.lambda;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import usersapi.json.JsonObject;

/**
 * An answer to a request.
 *
 * @param status the HTTP status
 * @param body the body; if it is empty, the answer has none
 * @param outcome its outcome in the log line and in the metric
 * @param headers headers in addition to those of every answer
 * @param log further members of the log line; nothing secret
 */
public record ApiResponse(int status, JsonObject body, Outcome outcome, Map<String, List<String>> headers,
        JsonObject log) {

    private ApiResponse(int status, JsonObject body, Outcome outcome) {
        this(status, body, outcome, Map.of(), new JsonObject());
    }

    /** 200. */
    public static ApiResponse ok(JsonObject body) {
        return new ApiResponse(200, body, Outcome.OK);
    }

    /** 200 for a change that has nothing to show. */
    public static ApiResponse done() {
        return ok(new JsonObject().put("message", "ok"));
    }

    /**
     * 303: the browser navigates there.
     *
     * @param cookies values of Set-Cookie
     */
    public static ApiResponse seeOther(String location, List<String> cookies) {
        var headers = Map.of("Location", List.of(location));
        return new ApiResponse(303, new JsonObject(), Outcome.OK)
                .with(cookies.isEmpty() ? headers : Map.of("Location", List.of(location), "Set-Cookie", cookies));
    }

    /** 400: the specified body and a {@code detail} that says what to correct. */
    public static ApiResponse badRequest(String detail) {
        return new ApiResponse(400, new JsonObject().put("message", "Unexpected error").put("detail", detail),
                Outcome.INVALID);
    }

    /** 400: the specified body, for a failure that the client cannot correct. */
    public static ApiResponse unexpectedError() {
        return new ApiResponse(400, new JsonObject().put("message", "Unexpected error"), Outcome.FAILED);
    }

    /** 404: the thing does not exist, or is not the caller's; the answer does not tell which. */
    public static ApiResponse notFound() {
        return new ApiResponse(404, new JsonObject().put("message", "Not Found"), Outcome.INVALID);
    }

    /** 401: no valid credential, or one of a deleted user. */
    static ApiResponse unauthenticated(String message) {
        return new ApiResponse(401, new JsonObject().put("message", message), Outcome.DENIED);
    }

    /** 403 for a request that a page of another site may have caused; {@code detail} says what is missing. */
    static ApiResponse csrfFailed(String detail) {
        return new ApiResponse(403, new JsonObject().put("message", "CSRF verification failed").put("detail", detail),
                Outcome.FORBIDDEN).logging(new JsonObject().put("reason", detail));
    }

    /** 403 for a credential that may not do this; {@code detail} says why. */
    static ApiResponse forbidden(String detail) {
        return new ApiResponse(403, new JsonObject().put("message", "Forbidden").put("detail", detail),
                Outcome.FORBIDDEN).logging(new JsonObject().put("reason", detail));
    }

    /** 413: the body is longer than any valid body of this route. */
    static ApiResponse contentTooLarge() {
        return new ApiResponse(413, new JsonObject().put("message", "Request Too Long"), Outcome.INVALID);
    }

    /** 429: the user makes too many requests. */
    public static ApiResponse tooManyRequests(Duration retryAfter) {
        return new ApiResponse(429, new JsonObject().put("message", "Too many requests"), Outcome.LIMITED)
                .with(Map.of("Retry-After", List.of(Long.toString(retryAfter.toSeconds()))));
    }

    /** 500, without a reason. */
    public static ApiResponse internalServerError() {
        return new ApiResponse(500, new JsonObject().put("message", "Internal server error"), Outcome.FAILED);
    }

    /** The same answer with these further members of its log line. */
    public ApiResponse logging(JsonObject details) {
        return logging(outcome, details);
    }

    /** The same answer with this outcome and these further members of its log line. */
    public ApiResponse logging(Outcome told, JsonObject details) {
        return new ApiResponse(status, body, told, headers, details);
    }

    /** The same answer with these headers, each with all its values. */
    public ApiResponse with(Map<String, List<String>> further) {
        return new ApiResponse(status, body, outcome, further, log);
    }

    /**
     * The answer as API Gateway takes it from a proxy integration. Every answer has these headers, also a refusal: nobody
     * may store the answer, because it may hold a credential, and only the frontend's origin may read it. The gateway
     * responses of template.yaml have the same headers. A 401 has no {@code WWW-Authenticate}: API Gateway would rename it
     * to {@code x-amzn-Remapped-WWW-Authenticate}, and sends its own if the authorizer refuses.
     *
     * @param origin the frontend's origin for CORS
     */
    JsonObject toEvent(String origin) {
        var common = new JsonObject().put("Content-Type", "application/json")
                .put("Access-Control-Allow-Credentials", "true").put("Access-Control-Allow-Origin", origin)
                .put("Access-Control-Expose-Headers", "Retry-After, x-amzn-RequestId").put("Cache-Control", "no-store")
                .put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .put("Cross-Origin-Opener-Policy", "same-origin").put("Cross-Origin-Resource-Policy", "same-origin")
                .put("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .put("Referrer-Policy", "same-origin").put("Strict-Transport-Security", "max-age=63072000")
                .put("Vary", "Origin").put("X-Content-Type-Options", "nosniff");
        var event = new JsonObject().put("statusCode", status).put("headers", common);
        var repeated = new JsonObject();
        headers.forEach((name, values) -> {
            if (values.size() == 1) {
                common.put(name, values.getFirst());
            } else {
                repeated.put(name, values);
            }
        });
        if (!repeated.isEmpty()) {
            event.put("multiValueHeaders", repeated);
        }
        return event.put("body", body.isEmpty() ? "" : body.toJson()).put("isBase64Encoded", false);
    }
}
