package usersapi.login;

import static usersapi.login.SignInError.PROVIDER_NOT_TRUSTED;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import usersapi.json.JsonObject;

/**
 * The checks of an ID token by a client (OpenID Connect Core 1.0, section 3.1.3.7). They are stricter where the
 * specification leaves a choice: this client must be the only audience, and the signature must be asymmetric, although the
 * token came over TLS.
 */
final class IdTokenCheck {

    private static final int SKEW_SECONDS = 60;
    private static final int MIN_RSA_BITS = 2048; // RFC 7518, section 3.3
    private static final int MAX_SUBJECT_CHARACTERS = 255; // Core, section 2

    /** The asymmetric algorithms of RFC 7518; not EdDSA, for which Nimbus needs another library. */
    private static final Set<JWSAlgorithm> ASYMMETRIC = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
            JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512, JWSAlgorithm.ES256,
            JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    private final ProviderSettings settings;
    private final Provider provider;
    private final Clock clock;

    @Inject
    IdTokenCheck(ProviderSettings settings, Provider provider, Clock clock) {
        this.settings = settings;
        this.provider = provider;
        this.clock = clock;
    }

    /**
     * Checks a token and returns its claims.
     *
     * @param nonce the nonce of this sign-in
     * @param accessToken the access token that came with it
     * @throws RefusedException if a check fails
     */
    JsonObject claims(String idToken, String nonce, String accessToken) {
        var token = SignedToken.parse(idToken).orElseThrow(() -> refused("malformed"));
        var header = token.header();
        // Unsigned tokens are refused; encrypted ones have another form.
        require(!token.signature().toString().isEmpty(), "not signed");
        var algorithm = header.string("alg").map(JWSAlgorithm::parse).filter(ASYMMETRIC::contains)
                .filter(alg -> provider.metadata().algorithms().contains(alg.getName()))
                .orElseThrow(() -> refused("algorithm"));
        // An access token in the form of a JWT has the type at+jwt (RFC 9068).
        require(header.get("typ") == null || header.string("typ").filter("JWT"::equalsIgnoreCase).isPresent(), "type");
        // None is understood here (RFC 7515, section 4.1.11).
        require(!header.has("crit"), "critical header");
        var signed = new JWSHeader.Builder(algorithm).keyID(header.string("kid").orElse(null)).build();
        if (!isSigned(token, signed, provider.keys()) && !isSigned(token, signed, provider.refreshedKeys())) {
            throw refused("signature");
        }
        var claims = token.claims().orElseThrow(() -> refused("malformed claims"));
        check(claims, algorithm, nonce, accessToken);
        return claims;
    }

    private static boolean isSigned(SignedToken token, JWSHeader header, JWKSet keys) {
        var candidates = new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys);
        return candidates.stream().filter(IdTokenCheck::isLongEnough).anyMatch(key -> isSigned(token, header, key));
    }

    private static boolean isLongEnough(JWK key) {
        return !(key instanceof RSAKey) || key.size() >= MIN_RSA_BITS;
    }

    private static boolean isSigned(SignedToken token, JWSHeader header, JWK key) {
        try {
            return new DefaultJWSVerifierFactory().createJWSVerifier(header, ((AsymmetricJWK) key).toPublicKey())
                    .verify(header, token.input().getBytes(StandardCharsets.US_ASCII), token.signature());
        } catch (JOSEException | RuntimeException unusable) {
            return false;
        }
    }

    private void check(JsonObject claims, JWSAlgorithm algorithm, String nonce, String accessToken) {
        var client = settings.clientId();
        require(settings.issuer().equals(claims.get("iss")), "issuer");
        require(isSubject(claims.get("sub")), "subject");
        require(client.equals(claims.get("aud")) || List.of(client).equals(claims.get("aud")), "audience");
        require(claims.get("azp") == null || client.equals(claims.get("azp")), "authorized party");
        double now = clock.millis() / 1_000.0;
        require(claims.get("exp") instanceof Number exp && now < exp.doubleValue() + SKEW_SECONDS, "expired");
        require(claims.get("iat") instanceof Number iat && now >= iat.doubleValue() - SKEW_SECONDS, "issued later");
        require(claims.get("nbf") == null
                || (claims.get("nbf") instanceof Number nbf && now >= nbf.doubleValue() - SKEW_SECONDS),
                "not valid yet");
        require(claims.get("nonce") instanceof String given && isEqual(given, nonce), "nonce");
        var hash = claims.get("at_hash");
        require(hash == null || hash(accessToken, algorithm).equals(hash), "access token hash");
    }

    /** The left half of the access token's hash by the hash function of the signature (Core, section 3.1.3.6). */
    private static String hash(String accessToken, JWSAlgorithm algorithm) {
        try {
            // The name of an algorithm ends in the number of bits: RS256.
            var hash = MessageDigest.getInstance("SHA-" + algorithm.getName().substring(2))
                    .digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // the JDK has all three
        }
    }

    private static boolean isSubject(Object subject) {
        return subject instanceof String text && !text.isBlank() && text.length() <= MAX_SUBJECT_CHARACTERS;
    }

    private static boolean isEqual(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw refused(reason);
        }
    }

    private static RefusedException refused(String reason) {
        return RefusedException.provider(PROVIDER_NOT_TRUSTED, "ID token: " + reason);
    }
}
