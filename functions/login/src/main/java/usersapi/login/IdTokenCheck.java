package usersapi.login;

import static usersapi.login.SignInError.PROVIDER_NOT_TRUSTED;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    Map<String, Object> claims(JWT idToken, String nonce, AccessToken accessToken) {
        // Unsigned and encrypted tokens are refused.
        if (!(idToken instanceof SignedJWT token)) {
            throw refused("not signed");
        }
        var header = token.getHeader();
        if (!ASYMMETRIC.contains(header.getAlgorithm())
                || !provider.metadata().algorithms().contains(header.getAlgorithm().getName())) {
            throw refused("algorithm");
        }
        // An access token in the form of a JWT has the type at+jwt (RFC 9068).
        if (header.getType() != null && !header.getType().equals(JOSEObjectType.JWT)) {
            throw refused("type");
        }
        if (!isSigned(token, provider.keys()) && !isSigned(token, provider.refreshedKeys())) {
            throw refused("signature");
        }
        // Read as JSON, because the library's claims convert a number to text and overflow for a large time.
        var claims = token.getPayload().toJSONObject();
        if (claims == null) {
            throw refused("malformed claims");
        }
        check(claims, header, nonce, accessToken);
        return claims;
    }

    private static boolean isSigned(SignedJWT token, JWKSet keys) {
        var candidates = new JWKSelector(JWKMatcher.forJWSHeader(token.getHeader())).select(keys);
        return candidates.stream().filter(IdTokenCheck::isLongEnough).anyMatch(key -> isSigned(token, key));
    }

    private static boolean isLongEnough(JWK key) {
        return !(key instanceof RSAKey) || key.size() >= MIN_RSA_BITS;
    }

    private static boolean isSigned(SignedJWT token, JWK key) {
        try {
            return token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(),
                    ((AsymmetricJWK) key).toPublicKey()));
        } catch (JOSEException | RuntimeException unusable) {
            return false;
        }
    }

    private void check(Map<String, Object> claims, JWSHeader header, String nonce, AccessToken accessToken) {
        var client = settings.clientId().getValue();
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
        require(hash == null
                || AccessTokenHash.compute(accessToken, header.getAlgorithm(), null).getValue().equals(hash),
                "access token hash");
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
