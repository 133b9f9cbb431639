package usersapi.login;

import static usersapi.login.SignInError.PROVIDER_UNAVAILABLE;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import usersapi.json.JsonObject;

/**
 * Reads a provider's keys (RFC 7517). The members of a key are read by the project's parser, because the library's own loads
 * 150 classes.
 */
final class ProviderKeys {

    private ProviderKeys() {}

    /**
     * Reads a set of keys. Malformed keys, and others than public keys of RSA and elliptic curves, are ignored, as section 5
     * requires.
     *
     * @throws RefusedException if the text is not a set of keys
     */
    static JWKSet parse(String text) {
        if (JsonObject.parse(text) instanceof JsonObject.Parsed.Valid(var set)
                && set.get("keys") instanceof List<?> keys) {
            return new JWKSet(keys.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                    .flatMap(key -> key(key).stream()).toList());
        }
        throw RefusedException.provider(PROVIDER_UNAVAILABLE, "keys: not a set of keys");
    }

    private static Optional<JWK> key(JsonObject json) {
        try {
            var use = KeyUse.parse(text(json, "use"));
            var algorithm = Algorithm.parse(text(json, "alg"));
            var id = text(json, "kid");
            return switch (json.string("kty").orElse("")) {
                case "RSA" -> Optional.of(new RSAKey.Builder(number(json, "n"), number(json, "e")).keyUse(use)
                        .algorithm(algorithm).keyID(id).build());
                case "EC" -> Optional.of(new ECKey.Builder(Curve.parse(text(json, "crv")), number(json, "x"),
                        number(json, "y")).keyUse(use).algorithm(algorithm).keyID(id).build());
                default -> Optional.empty();
            };
        } catch (ParseException | RuntimeException malformed) {
            return Optional.empty();
        }
    }

    private static Base64URL number(JsonObject json, String name) {
        return new Base64URL(json.string(name).orElseThrow());
    }

    /** A member's text; null, as the library has it, if there is no such member. */
    private static String text(JsonObject json, String name) {
        return json.get(name) == null ? null : json.string(name).orElseThrow();
    }
}
