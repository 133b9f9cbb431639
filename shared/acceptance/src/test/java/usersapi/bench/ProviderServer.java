package usersapi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import usersapi.bench.reference.OpenIdByHand;
import usersapi.credential.Sha256;
import usersapi.standin.openid.OpenIdProvider;
import usersapi.standin.openid.OpenIdProvider.Answer;
import usersapi.standin.openid.OpenIdProvider.Visit;

/** The stand-in of an OpenID provider over plain HTTP, until this JVM ends. */
final class ProviderServer {

    /** Our secret there. */
    static final String SECRET = "secret-of-the-benchmark";
    private static final String CLIENT = "benchmark";

    private final String redirectUri;
    private final String issuer;
    private final OpenIdProvider provider;

    /** Starts one that knows this redirect URI. */
    ProviderServer(String redirectUri) {
        this.redirectUri = redirectUri;
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            issuer = "http://127.0.0.1:" + server.getAddress().getPort();
            provider = new OpenIdProvider(issuer, CLIENT, SECRET, URI.create(redirectUri), Clock.systemUTC());
            server.createContext("/", this::answer);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The variables of the function that differ with it. */
    Map<String, String> environment() {
        return Map.of("OIDC_ISSUER", issuer, "OIDC_ENDPOINT_URL", issuer, "OIDC_CLIENT_ID", CLIENT);
    }

    /** The parameters with which a person comes back who has signed in. */
    Map<String, String> signIn(URI page, String email) {
        return parameters(provider.decided(parameters(page.getRawQuery()), email, Visit.SIGN_IN).getRawQuery());
    }

    /** The code of a sign-in that {@link OpenIdByHand} has begun. */
    String codeByHand() {
        var request = Map.of("redirect_uri", redirectUri, "state", "by-hand", "nonce", "by-hand", "code_challenge",
                Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(OpenIdByHand.VERIFIER)));
        return parameters(provider.decided(request, "jane@example.com", Visit.SIGN_IN).getRawQuery()).get("code");
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
        var answer = switch (exchange.getRequestURI().getPath()) {
            case "/.well-known/openid-configuration" -> ok(provider.discovery());
            case "/keys" -> ok(provider.keys());
            case "/token" -> provider.token(parameters(body), authorization);
            default -> throw new IOException("not asked here: " + exchange.getRequestURI());
        };
        var bytes = answer.body().toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Answer ok(JsonNode body) {
        return new Answer(200, body);
    }

    private static Map<String, String> parameters(String encoded) {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : encoded.split("&", -1)) {
            var parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
