package usersapi.standin.openid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An OpenID provider without HTTP: the answers of its endpoints. A person signs in by an address alone, and the same address
 * is the same subject, also after a restart. It refuses what a strict provider refuses.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html">OpenID Connect Core 1.0</a>
 */
public final class OpenIdProvider {

    /** The outcomes of a person's visit. */
    public enum Visit {
        /** The person signs in. */
        SIGN_IN("Sign in"),
        /** The person declines. */
        DECLINE("Decline"),
        /** The provider does not know whether the address is the person's. */
        NOT_VERIFIED("Sign in, address not verified"),
        /** The address is in user info only. */
        USER_INFO("Sign in, address in user info only"),
        /** The provider fails after the person has left. */
        UNAVAILABLE("Sign in, then be down"),
        /** The ID token is not for this sign-in. */
        FORGED("Sign in, ID token forged");

        private final String words;

        Visit(String words) {
            this.words = words;
        }

        /** The words of its button. */
        public String words() {
            return words;
        }
    }

    /**
     * An answer.
     *
     * @param body empty if there is none
     */
    public record Answer(int status, JsonNode body) {}

    /** The keys of all providers of this process. Making a pair takes about half a second. */
    private static final class Keys {

        private static final KeyPair PAIR = make();

        private static KeyPair make() {
            try {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record Grant(Map<String, String> request, String email, Visit visit, Instant expires) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CODE_LIFETIME = Duration.ofMinutes(1);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);
    private static final String KEY_ID = "local";

    private final String issuer;
    private final String clientId;
    private final String clientSecret;
    private final URI redirectUri;
    private final Clock clock;
    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final Map<String, Grant> accessTokens = new ConcurrentHashMap<>();

    /**
     * A provider with one client.
     *
     * @param issuer the base URL of its endpoints: {@code authorize}, {@code token}, {@code userinfo}, {@code keys},
     *     {@code logout}
     * @param redirectUri the only one that the client has registered; the post-logout redirect URI is its site's home page
     */
    public OpenIdProvider(String issuer, String clientId, String clientSecret, URI redirectUri, Clock clock) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.redirectUri = redirectUri;
        this.clock = clock;
    }

    /** Its metadata. */
    public ObjectNode discovery() {
        var discovery = JSON.createObjectNode().put("issuer", issuer)
                .put("authorization_endpoint", issuer + "/authorize")
                .put("token_endpoint", issuer + "/token").put("userinfo_endpoint", issuer + "/userinfo")
                .put("jwks_uri", issuer + "/keys").put("end_session_endpoint", issuer + "/logout")
                .put("authorization_response_iss_parameter_supported", true);
        discovery.putArray("response_types_supported").add("code");
        discovery.putArray("subject_types_supported").add("public");
        discovery.putArray("id_token_signing_alg_values_supported").add("RS256");
        discovery.putArray("token_endpoint_auth_methods_supported").add("client_secret_basic");
        discovery.putArray("code_challenge_methods_supported").add("S256");
        discovery.putArray("scopes_supported").add("openid").add("email");
        return discovery;
    }

    /** Its keys. */
    public ObjectNode keys() {
        var key = (RSAPublicKey) Keys.PAIR.getPublic();
        var set = JSON.createObjectNode();
        set.putArray("keys").addObject().put("kty", "RSA").put("use", "sig").put("alg", "RS256").put("kid", KEY_ID)
                .put("n", base64(key.getModulus())).put("e", base64(key.getPublicExponent()));
        return set;
    }

    /**
     * The fault of a request for authorization; empty if the request is valid.
     *
     * @param request the query's parameters
     */
    public Optional<String> fault(Map<String, String> request) {
        if (!clientId.equals(request.get("client_id"))) {
            return Optional.of("client_id: no such client");
        }
        if (!redirectUri.toString().equals(request.get("redirect_uri"))) {
            return Optional.of("redirect_uri: not registered");
        }
        if (!"code".equals(request.get("response_type"))) {
            return Optional.of("response_type: must be code");
        }
        if (!Arrays.asList(request.getOrDefault("scope", "").split(" ", -1)).contains("openid")) {
            return Optional.of("scope: must have openid");
        }
        if (!"S256".equals(request.get("code_challenge_method"))
                || !request.getOrDefault("code_challenge", "").matches("[A-Za-z0-9_-]{43}")) {
            return Optional.of("code_challenge: must be of S256");
        }
        return request.getOrDefault("state", "").isEmpty() || request.getOrDefault("nonce", "").isEmpty()
                ? Optional.of("state and nonce: required here")
                : Optional.empty();
    }

    /**
     * The fault of a request for sign-out; empty if the request is valid.
     *
     * @param request the query's parameters
     * @see <a href="https://openid.net/specs/openid-connect-rpinitiated-1_0.html">RP-Initiated Logout 1.0, section 2</a>
     */
    public Optional<String> signOutFault(Map<String, String> request) {
        if (!clientId.equals(request.get("client_id"))) {
            return Optional.of("client_id: no such client");
        }
        return signedOut().toString().equals(request.get("post_logout_redirect_uri"))
                ? Optional.empty()
                : Optional.of("post_logout_redirect_uri: not registered");
    }

    /** The address to which the browser goes after the sign-out. */
    public URI signedOut() {
        return redirectUri.resolve("/");
    }

    /**
     * The address to which the browser goes after the person's decision.
     *
     * @param request one without {@link #fault}
     */
    public URI decided(Map<String, String> request, String email, Visit visit) {
        String answer;
        if (visit == Visit.DECLINE) {
            answer = "error=access_denied";
        } else {
            var code = UUID.randomUUID().toString();
            codes.put(code, new Grant(Map.copyOf(request), email, visit, clock.instant().plus(CODE_LIFETIME)));
            answer = "code=" + code;
        }
        return URI.create("%s?%s&state=%s&iss=%s".formatted(redirectUri, answer, encoded(request.get("state")),
                encoded(issuer)));
    }

    /**
     * The tokens for a code, which works once.
     *
     * @param form the parameters of the body
     * @param authorization the header
     */
    public Answer token(Map<String, String> form, Optional<String> authorization) {
        if (!authorization.equals(Optional.of(basic()))) {
            return error(401, "invalid_client");
        }
        var grant = codes.remove(form.getOrDefault("code", ""));
        if (grant != null && grant.visit == Visit.UNAVAILABLE) {
            return error(503, "temporarily_unavailable");
        }
        boolean isRight = grant != null && clock.instant().isBefore(grant.expires)
                && "authorization_code".equals(form.get("grant_type"))
                && grant.request.get("redirect_uri").equals(form.get("redirect_uri"))
                && grant.request.get("code_challenge").equals(
                        base64(sha256(form.getOrDefault("code_verifier", "").getBytes(StandardCharsets.UTF_8))));
        if (!isRight) {
            return error(400, "invalid_grant");
        }
        var accessToken = UUID.randomUUID().toString();
        accessTokens.put(accessToken, new Grant(grant.request, grant.email, grant.visit,
                clock.instant().plus(TOKEN_LIFETIME)));
        return new Answer(200, JSON.createObjectNode().put("access_token", accessToken).put("token_type", "Bearer")
                .put("expires_in", TOKEN_LIFETIME.toSeconds()).put("scope", "openid email")
                .put("id_token", idToken(grant, accessToken)));
    }

    /** The claims of the access token's person. */
    public Answer userInfo(Optional<String> authorization) {
        var grant = authorization.filter(header -> header.startsWith("Bearer "))
                .map(header -> accessTokens.get(header.substring("Bearer ".length())))
                .filter(found -> clock.instant().isBefore(found.expires));
        return grant
                .map(found -> new Answer(200, address(JSON.createObjectNode().put("sub", subject(found.email)), found)))
                .orElseGet(() -> error(401, "invalid_token"));
    }

    private String idToken(Grant grant, String accessToken) {
        var now = clock.instant();
        var claims = JSON.createObjectNode().put("iss", issuer).put("sub", subject(grant.email)).put("aud", clientId)
                .put("exp", now.plus(TOKEN_LIFETIME).getEpochSecond()).put("iat", now.getEpochSecond())
                .put("nonce", grant.visit == Visit.FORGED ? "forged" : grant.request.get("nonce"))
                .put("at_hash", base64(
                        Arrays.copyOf(sha256(accessToken.getBytes(StandardCharsets.US_ASCII)), 16)));
        return signed(grant.visit == Visit.USER_INFO ? claims : address(claims, grant));
    }

    private static ObjectNode address(ObjectNode claims, Grant grant) {
        return claims.put("email", grant.email).put("email_verified", grant.visit != Visit.NOT_VERIFIED);
    }

    /** The subject of an address; the same for upper and lower case. */
    private static String subject(String email) {
        return HexFormat.of().formatHex(sha256(email.strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)),
                0,
                16);
    }

    private String signed(ObjectNode claims) {
        var header = JSON.createObjectNode().put("alg", "RS256").put("typ", "JWT").put("kid", KEY_ID);
        var text = base64(header.toString().getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.toString().getBytes(StandardCharsets.UTF_8));
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(Keys.PAIR.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(
                (encoded(clientId) + ":" + encoded(clientSecret)).getBytes(StandardCharsets.UTF_8));
    }

    private static Answer error(int status, String error) {
        return new Answer(status, JsonNodeFactory.instance.objectNode().put("error", error));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String base64(BigInteger number) {
        var bytes = number.toByteArray();
        return base64(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
