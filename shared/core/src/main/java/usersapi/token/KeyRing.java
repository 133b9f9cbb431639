package usersapi.token;

import dagger.Lazy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.json.JsonObject;
import usersapi.secret.CachedSecret;
import usersapi.secret.MalformedSecretException;

/**
 * The AES-256 keys that encrypt access tokens at rest, from Secrets Manager. The secret is a flat JSON object, which
 * CloudFormation can generate: {@code "current"} names the key that encrypts, and every member that is base64 of at least 32
 * random bytes is a key by its id. Of these bytes HKDF (RFC 5869) derives the AES key. Other members, a note say, are ignored.
 *
 * <p>Fetched again when a key is asked for that is not there, so that a rotation needs no deployment.
 */
@Singleton
final class KeyRing {

    private static final int MIN_BYTES = 32;
    /** Far fewer than 32 random bytes have, and more than a repeated word has. */
    private static final int MIN_DISTINCT_BYTES = 16;
    /** What the derived key is for: with another label the same secret gives another key. */
    private static final byte[] LABEL = "usersapi: access tokens at rest, AES-256-GCM"
            .getBytes(StandardCharsets.US_ASCII);

    private final CachedSecret<Keys> secret;

    private record Keys(String currentId, Map<String, SecretKey> byId) {}

    /** A key and the id under which its ciphertexts name it. */
    record Entry(String id, SecretKey key) {}

    @Inject
    KeyRing(Lazy<SecretsManagerClient> secrets, TokenKeySecret keys, Clock clock) {
        secret = new CachedSecret<>(secrets, keys.id(), KeyRing::parse, clock);
    }

    /** The key for new ciphertexts. */
    Entry current() {
        var keys = secret.get();
        return new Entry(keys.currentId, keys.byId.get(keys.currentId));
    }

    /** The key of that id; empty if the secret does not have it now. */
    Optional<SecretKey> find(String id) {
        return Optional.ofNullable(secret.get().byId.get(id))
                .or(() -> Optional.ofNullable(secret.get(Duration.ZERO).byId.get(id)));
    }

    /** Fetches the secret again, however young it is. */
    void refresh() {
        secret.get(Duration.ZERO);
    }

    private static Keys parse(String secret) {
        if (!(JsonObject.parse(secret) instanceof JsonObject.Parsed.Valid(var ring))) {
            throw new MalformedSecretException("the token key secret is not a JSON object");
        }
        var byId = new HashMap<String, SecretKey>();
        ring.members().forEach((id, member) -> {
            if (!id.equals("current") && member instanceof String text) {
                decode(text).filter(bytes -> bytes.length >= MIN_BYTES)
                        .ifPresent(bytes -> byId.put(id, derive(bytes)));
            }
        });
        var currentId = ring.string("current").filter(byId::containsKey).orElseThrow(
                () -> new MalformedSecretException("the token key secret's \"current\" does not name one of its keys"));
        return new Keys(currentId, byId);
    }

    /** Base64 in either alphabet, padded or not. */
    private static Optional<byte[]> decode(String text) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_')));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static SecretKey derive(byte[] bytes) {
        var distinct = new HashSet<Byte>();
        for (byte b : bytes) {
            distinct.add(b);
        }
        if (distinct.size() < MIN_DISTINCT_BYTES) {
            throw new MalformedSecretException("a key in the token key secret is not random");
        }
        try {
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES",
                    HKDFParameterSpec.ofExtract().addIKM(bytes).thenExpand(LABEL, 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
