package usersapi.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import usersapi.json.JsonObject;

/** An OpenID provider on the loopback address with the faults of a test. */
final class TestProvider implements AutoCloseable {

    static final String CLIENT = "client-of-the-tests";
    static final String ACCESS_TOKEN = "access-token-that-no-log-may-show";
    /** Making one takes a while, so all share it. */
    static final RSAKey KEY = rsa("key-1", 2048);

    private final HttpServer server;
    private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> tokenForms = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private volatile List<JWK> keys = List.of(KEY);
    private volatile Consumer<Map<String, Object>> claims = claims -> {};
    private volatile Function<Map<String, Object>, String> signer = TestProvider::signed;
    private volatile Map<String, Object> userInfo = Map.of();

    TestProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            requests.add(path);
            try (exchange) {
                handlers.getOrDefault(path, this::standard).handle(exchange);
            }
        });
        server.start();
        metadata.put("issuer", issuer());
        metadata.put("authorization_endpoint", issuer() + "/authorize");
        metadata.put("token_endpoint", issuer() + "/token");
        metadata.put("userinfo_endpoint", issuer() + "/userinfo");
        metadata.put("jwks_uri", issuer() + "/keys");
        metadata.put("end_session_endpoint", issuer() + "/logout");
        metadata.put("id_token_signing_alg_values_supported", List.of("RS256", "ES256", "PS256"));
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Changes a member of the metadata. */
    TestProvider metadata(String name, Object value) {
        metadata.put(name, value);
        return this;
    }

    /** Publishes these keys. */
    TestProvider keys(JWK... published) {
        keys = List.of(published);
        return this;
    }

    /** Changes the claims of each ID token. */
    TestProvider claims(Consumer<Map<String, Object>> change) {
        claims = change;
        return this;
    }

    /** Makes the ID token of its claims. */
    TestProvider signer(Function<Map<String, Object>, String> maker) {
        signer = maker;
        return this;
    }

    TestProvider userInfo(Map<String, Object> answer) {
        userInfo = answer;
        return this;
    }

    /** Answers requests to a path in another way. */
    TestProvider at(String path, HttpHandler handler) {
        handlers.put(path, handler);
        return this;
    }

    /** How often a path was asked for. */
    long count(String path) {
        return requests.stream().filter(path::equals).count();
    }

    /** The form of the last request for tokens. */
    Map<String, String> tokenForm() {
        return tokenForms.getLast();
    }

    /** The Authorization header of the last request for tokens; empty if there was none. */
    String tokenAuthorization() {
        return authorizations.getLast();
    }

    /** The code after a person's consent to a request for authorization; it works once. */
    String code(URI authorization) {
        var code = "code-" + UUID.randomUUID();
        codes.put(code, parameters(authorization.getRawQuery()));
        return code;
    }

    private void standard(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/.well-known/openid-configuration" -> json(exchange, 200, metadata);
            case "/keys" -> json(exchange, 200,
                    Map.of("keys", keys.stream().map(key -> key.toPublicJWK().toJSONObject()).toList()));
            case "/token" -> token(exchange);
            case "/userinfo" -> json(exchange, 200, userInfo);
            default -> json(exchange, 404, Map.of());
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        var form = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        tokenForms.add(form);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        var request = codes.remove(String.valueOf(form.get("code")));
        if (request == null || !challenge(form.getOrDefault("code_verifier", "")).equals(request.get("code_challenge"))
                || !request.get("redirect_uri").equals(form.get("redirect_uri"))) {
            json(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        json(exchange, 200, Map.of("access_token", ACCESS_TOKEN, "token_type", "Bearer", "expires_in", 300, "id_token",
                idToken(request.get("nonce"))));
    }

    /** The ID token for a nonce. */
    String idToken(String nonce) {
        var now = Instant.now();
        var all = new HashMap<String, Object>();
        all.put("iss", issuer());
        all.put("sub", "subject-1");
        all.put("aud", CLIENT);
        all.put("exp", now.plusSeconds(300).getEpochSecond());
        all.put("iat", now.getEpochSecond());
        all.put("nonce", nonce);
        all.put("email", "jane@example.com");
        all.put("email_verified", true);
        all.put("at_hash", base64(Arrays.copyOf(sha256(ACCESS_TOKEN), 16)));
        claims.accept(all);
        return signer.apply(all);
    }

    static String signed(Map<String, Object> claims) {
        return signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KEY.getKeyID()).type(JOSEObjectType.JWT).build(),
                KEY, claims);
    }

    static String signed(JWSHeader header, RSAKey key, Map<String, Object> claims) {
        try {
            var token = new SignedJWT(header, claimsSet(claims));
            token.sign(new RSASSASigner(key.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token of arbitrary parts. */
    static String raw(String header, Map<String, Object> claims, byte[] signature) {
        return base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claimsSet(claims).toString().getBytes(StandardCharsets.UTF_8)) + "." + base64(signature);
    }

    static JWTClaimsSet claimsSet(Map<String, Object> claims) {
        var set = new JWTClaimsSet.Builder();
        claims.forEach((name, value) -> set.claim(name,
                List.of("exp", "iat", "nbf").contains(name) && value instanceof Long seconds
                        ? Date.from(Instant.ofEpochSecond(seconds))
                        : value));
        return set.build();
    }

    static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        return base64(sha256(verifier));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, String> parameters(String encoded) {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : encoded.split("&", -1)) {
            var parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    static void json(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        text(exchange, status, "application/json", object(body).toJson());
    }

    private static JsonObject object(Map<?, ?> map) {
        var object = new JsonObject();
        map.forEach((name, value) -> object.put(name.toString(), value(value)));
        return object;
    }

    private static Object value(Object value) {
        return switch (value) {
            case Map<?, ?> map -> object(map);
            case List<?> list -> new ArrayList<>(list.stream().map(TestProvider::value).toList());
            case null -> null;
            default -> value;
        };
    }

    static void text(HttpExchange exchange, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
