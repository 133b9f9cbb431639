package usersapi.token;

import dagger.Lazy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.credential.Sha256;
import usersapi.json.JsonObject;
import usersapi.secret.CachedSecret;

/**
 * The AES-256 keys that encrypt access tokens at rest, from Secrets Manager. The secret is a flat JSON object, which
 * CloudFormation can generate: {@code "current"} names the key that encrypts, every other member is a key by its id,
 * random text of at least 43 characters whose SHA-256 is the AES key.
 *
 * <p>Fetched again when a key is asked for that is not there, so that a rotation needs no deployment.
 */
@Singleton
final class KeyRing {

    private static final int LEAST_CHARACTERS = 43; // 256 bits in the 64 letters of base64

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
            throw new IllegalStateException("the token key secret is not a JSON object");
        }
        var byId = new HashMap<String, SecretKey>();
        ring.members().forEach((id, material) -> {
            if (!id.equals("current")) {
                byId.put(id, key(material));
            }
        });
        var currentId = ring.string("current").filter(byId::containsKey).orElseThrow(
                () -> new IllegalStateException("the token key secret's \"current\" does not name one of its keys"));
        return new Keys(currentId, byId);
    }

    private static SecretKey key(Object material) {
        if (!(material instanceof String text) || text.length() < LEAST_CHARACTERS) {
            throw new IllegalStateException("a key in the token key secret is shorter than 43 characters");
        }
        return new SecretKeySpec(Sha256.of(text), "AES");
    }
}
