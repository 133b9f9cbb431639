package usersapi.token;

import dagger.Lazy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.json.JsonObject;
import usersapi.lambda.Sample;
import usersapi.secret.CachedSecret;
import usersapi.secret.MalformedSecretException;
import usersapi.table.UsersTable;

/**
 * The AES-256 keys that encrypt access tokens at rest and the cookies of sign-ins, from Secrets Manager. The secret is a
 * flat JSON object, which CloudFormation can generate: {@code "current"} names the key that encrypts, and every member that
 * is base64 of at least 32 random bytes is a key. From these bytes HKDF (RFC 5869) derives an AES key for each purpose.
 * Other members, for example a note, are ignored.
 *
 * <p>If a requested key is missing, the secret is fetched again, so that a rotation needs no deployment.
 */
@Singleton
final class KeyRing {

    private static final int MIN_BYTES = 32;
    /** Far fewer than in 32 random bytes, and more than in a repeated word. */
    private static final int MIN_DISTINCT_BYTES = 16;
    /** Anybody can present ciphertexts with unknown keys, and not each may cause a request to Secrets Manager. */
    private static final Duration REFRESHED_AFTER = Duration.ofSeconds(10);

    /** The purpose of a derived key. Another label gives another key of the same secret. */
    enum Purpose {
        /** Access tokens in the table. */
        ACCESS_TOKENS("usersapi: access tokens at rest, AES-256-GCM"),
        /** The content of a sign-in's cookie. */
        SIGN_INS("usersapi: cookies of sign-ins, AES-256-GCM");

        private final String label;

        Purpose(String label) {
            this.label = label;
        }
    }

    private final CachedSecret<Keys> secret;

    private record Keys(String currentId, Map<String, Map<Purpose, SecretKey>> byId) {

        Optional<SecretKey> find(String id, Purpose purpose) {
            return Optional.ofNullable(byId.get(id)).map(keys -> keys.get(purpose));
        }
    }

    /** A key and its id in ciphertexts. */
    record Entry(String id, SecretKey key) {}

    @Inject
    KeyRing(Lazy<SecretsManagerClient> secrets, TokenKeySecret keys, Clock clock) {
        secret = new CachedSecret<>(secrets, keys.id(), KeyRing::parse, clock);
    }

    /** Begins to fetch the keys beside the caller's next calls, if there are none yet. */
    void begin() {
        secret.begin();
    }

    /** The key for new ciphertexts. */
    Entry current(Purpose purpose) {
        var keys = secret.get();
        return new Entry(keys.currentId, keys.find(keys.currentId, purpose).orElseThrow());
    }

    /** The key with this id; empty if the secret does not have it now. */
    Optional<SecretKey> find(String id, Purpose purpose) {
        return secret.get().find(id, purpose).or(() -> secret.get(Duration.ZERO).find(id, purpose));
    }

    /** The same for an id from outside, which may be made up; empty if the secret did not have it in the last ten seconds. */
    Optional<SecretKey> findPresented(String id, Purpose purpose) {
        return secret.get().find(id, purpose).or(() -> secret.get(REFRESHED_AFTER).find(id, purpose));
    }

    /** Fetches the secret again. */
    void refresh() {
        secret.get(Duration.ZERO);
    }

    /** A sample of the secret, with the key of the token in {@link UsersTable#sample}. */
    static Sample sample() {
        return Sample.secret("{\"current\": \"k\", \"k\": \"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ\"}");
    }

    private static Keys parse(String secret) {
        if (!(JsonObject.parse(secret) instanceof JsonObject.Parsed.Valid(var ring))) {
            throw new MalformedSecretException("the token key secret is not a JSON object");
        }
        var byId = new HashMap<String, Map<Purpose, SecretKey>>();
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

    private static Map<Purpose, SecretKey> derive(byte[] bytes) {
        var distinct = new HashSet<Byte>();
        for (byte b : bytes) {
            distinct.add(b);
        }
        if (distinct.size() < MIN_DISTINCT_BYTES) {
            throw new MalformedSecretException("a key in the token key secret is not random");
        }
        var keys = new EnumMap<Purpose, SecretKey>(Purpose.class);
        try {
            // Every JDK has this provider. Without its name the JDK would load all its providers, 1 % of a cold start.
            var hkdf = KDF.getInstance("HKDF-SHA256", "SunJCE");
            for (var purpose : Purpose.values()) {
                keys.put(purpose, hkdf.deriveKey("AES", HKDFParameterSpec.ofExtract().addIKM(bytes)
                        .thenExpand(purpose.label.getBytes(StandardCharsets.US_ASCII), 32)));
            }
            return keys;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
