package usersapi.token;

import dagger.Lazy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.json.JsonObject;
import usersapi.wiring.Config;

/**
 * The AES-256 keys that encrypt access tokens at rest, from Secrets Manager. The secret is a flat JSON object, which
 * CloudFormation can generate: {@code "current"} names the key that encrypts, every other member is a key by its id,
 * random text of at least 43 characters whose SHA-256 is the AES key.
 *
 * <p>Fetched at the first use, never at start-up, where a SnapStart snapshot would keep it; kept for five minutes, and
 * fetched again when a key is asked for that is not there, so that a rotation needs no deployment.
 */
@Singleton
final class KeyRing {

    private static final Duration KEPT_FOR = Duration.ofMinutes(5);
    private static final int LEAST_CHARACTERS = 43; // 256 bits in the 64 letters of base64

    private final Lazy<SecretsManagerClient> secrets;
    private final Config config;
    private final Clock clock;
    private Keys keys;

    private record Keys(String currentId, Map<String, SecretKey> byId, Instant fetched) {}

    /** A key and the id under which its ciphertexts name it. */
    record Entry(String id, SecretKey key) {}

    @Inject
    KeyRing(Lazy<SecretsManagerClient> secrets, Config config, Clock clock) {
        this.secrets = secrets;
        this.config = config;
        this.clock = clock;
    }

    /** The key for new ciphertexts. */
    synchronized Entry current() {
        if (keys == null || !clock.instant().isBefore(keys.fetched.plus(KEPT_FOR))) {
            keys = fetch();
        }
        return new Entry(keys.currentId, keys.byId.get(keys.currentId));
    }

    /** The key of that id; empty if the secret does not have it now. */
    synchronized Optional<SecretKey> find(String id) {
        if (keys == null || !keys.byId.containsKey(id)) {
            keys = fetch();
        }
        return Optional.ofNullable(keys.byId.get(id));
    }

    private Keys fetch() {
        var secret = secrets.get().getSecretValue(request -> request.secretId(config.tokenKeySecret())).secretString();
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
        return new Keys(currentId, byId, clock.instant());
    }

    private static SecretKey key(Object material) {
        if (!(material instanceof String text) || text.length() < LEAST_CHARACTERS) {
            throw new IllegalStateException("a key in the token key secret is shorter than 43 characters");
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new SecretKeySpec(digest, "AES");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
