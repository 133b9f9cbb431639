package usersapi.system;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import usersapi.testing.Exchange;

/** A browser that signs in with the provider's stand-in over HTTP, and keeps its cookies. */
public final class ProviderVisit {

    private final URI api;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    /** A browser without cookies. */
    public ProviderVisit(URI api) {
        this.api = api;
    }

    /** Begins a sign-in, and returns the address of the provider's page. */
    public URI begin(String next) {
        return URI.create(go("/api/auth/sign-in/?next=" + encoded(next)).header("Location").orElseThrow());
    }

    /** Signs in at the provider's page, and returns the parameters of the callback. */
    public Map<String, String> decide(URI page, String email) {
        return decide(page, email, "SIGN_IN");
    }

    /** Presses a button of the provider's page. */
    public Map<String, String> decide(URI page, String email, String visit) {
        var decided = Exchange.of(api, "POST", page.getRawPath() + "?" + page.getRawQuery())
                .body("email=%s&visit=%s".formatted(encoded(email), visit)).send();
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : URI.create(decided.header("Location").orElseThrow()).getRawQuery().split("&", -1)) {
            var parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    /** Comes back with these parameters. */
    public Exchange.Reply callback(Map<String, String> parameters) {
        return go("/api/auth/callback/?" + parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&")));
    }

    /** Signs in at the provider's page and calls the callback. */
    public Exchange.Reply comeBack(URI page, String email) {
        return callback(decide(page, email));
    }

    /** Goes to a path. */
    public Exchange.Reply go(String path) {
        var request = Exchange.of(api, "GET", path);
        var reply = (cookies.isEmpty() ? request : request.header("Cookie", cookies())).send();
        for (var cookie : reply.headers("Set-Cookie")) {
            var pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
            if (cookie.contains("Max-Age=0;")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
        return reply;
    }

    /** Its cookies, as it presents them. */
    public String cookies() {
        return cookies.entrySet().stream().map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
