package usersapi.login;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import usersapi.json.JsonObject;
import usersapi.testing.RecordingContext;

/** A browser that keeps cookies and follows redirects, by API Gateway's events. */
final class TestBrowser {

    /**
     * An answer.
     *
     * @param cookies values of Set-Cookie
     * @param log the line about it
     */
    record Answer(int status, String location, List<String> cookies, JsonObject log, String body) {

        /** The code of a refusal; empty if it is not a refusal. */
        String error() {
            return status == 303 && location.startsWith("/?error=") ? location.substring("/?error=".length()) : "";
        }

        /** The address of the redirect. */
        URI uri() {
            return URI.create(location);
        }
    }

    private final RequestStreamHandler function;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private Duration time = Duration.ofMinutes(1);

    TestBrowser(RequestStreamHandler function) {
        this.function = function;
    }

    /** Another browser with the same cookies. */
    TestBrowser copy() {
        var copy = new TestBrowser(function);
        copy.cookies.putAll(cookies);
        return copy;
    }

    /** The same browser; each of its requests has this time from now on. */
    TestBrowser within(Duration invocation) {
        time = invocation;
        return this;
    }

    Map<String, String> cookies() {
        return cookies;
    }

    /** Goes to the provider. */
    Answer begin(String... next) {
        return get("/api/auth/sign-in", next.length == 0 ? Map.of() : Map.of("next", List.of(next)));
    }

    /** Comes back from the provider. */
    Answer callback(Map<String, ?> query) {
        return get("/api/auth/callback", query);
    }

    /** Calls the route of the provider's sign-out. */
    Answer signOut(String... back) {
        return get("/api/auth/sign-out",
                back.length == 0 ? Map.of() : Map.of("post_logout_redirect_uri", back[0], "next", back[0]));
    }

    /** A complete sign-in, to which the person consents. */
    Answer signIn(TestProvider provider) {
        return comeBack(provider, begin());
    }

    /** Comes back from the provider with a code. */
    Answer comeBack(TestProvider provider, Answer begun) {
        return callback(Map.of("code", provider.code(begun.uri()), "state", state(begun)));
    }

    static String state(Answer begun) {
        return TestProvider.parameters(begun.uri().getRawQuery()).get("state");
    }

    private Answer get(String resource, Map<String, ?> query) {
        var parameters = new JsonObject();
        query.forEach((name, value) -> parameters.put(name, value instanceof List<?> several
                ? several
                : List.of(value.toString())));
        var headers = new JsonObject();
        if (!cookies.isEmpty()) {
            headers.put("Cookie", List.of(cookies.entrySet().stream()
                    .map(cookie -> cookie.getKey() + "=" + cookie.getValue()).collect(Collectors.joining("; "))));
        }
        var event = new JsonObject().put("resource", resource).put("httpMethod", "GET")
                .put("multiValueHeaders", headers)
                .put("multiValueQueryStringParameters", parameters.isEmpty() ? null : parameters)
                .put("requestContext", new JsonObject().put("requestId", "11111111-2222-3333-4444-555555555555"));
        var context = new RecordingContext("SignIn", time);
        var answer = json(context.invoke(function, event.toJson()));
        var set = header(answer, "Set-Cookie");
        set.forEach(this::keep);
        return new Answer(((Long) answer.get("statusCode")).intValue(),
                String.join(" ", header(answer, "Location")), set,
                json(context.lines().getLast()), answer.string("body").orElseThrow());
    }

    private void keep(String setCookie) {
        var pair = setCookie.substring(0, setCookie.indexOf(';')).split("=", 2);
        if (setCookie.contains("; Max-Age=0;")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    private static List<String> header(JsonObject answer, String name) {
        var values = new ArrayList<String>();
        answer.object("headers").string(name).ifPresent(values::add);
        if (answer.object("multiValueHeaders").get(name) instanceof List<?> several) {
            several.forEach(value -> values.add(value.toString()));
        }
        return values;
    }

    private static JsonObject json(String text) {
        return ((JsonObject.Parsed.Valid) JsonObject.parse(text)).object();
    }
}
