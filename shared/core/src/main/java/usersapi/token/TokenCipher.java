package usersapi.token;

import static usersapi.token.KeyRing.Purpose.ACCESS_TOKENS;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import usersapi.credential.OpaqueToken;
import usersapi.lambda.Sample;

/**
 * Encrypts access tokens for the table with AES-256-GCM. The user's id and the token's hash are the associated data, so
 * another user's ciphertext does not decrypt, nor an older one of the same user.
 */
public final class TokenCipher {

    private final KeyRing keys;
    private final SecureRandom random;

    @Inject
    TokenCipher(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** A sample of the secret that has the keys. */
    public static Sample sample() {
        return KeyRing.sample();
    }

    /** Begins to fetch the keys beside the caller's next calls, if there are none yet. */
    public void beginKeys() {
        keys.begin();
    }

    /** The user's token, encrypted for the table. */
    public String encrypt(String userId, OpaqueToken token) {
        return Ciphertext.encrypt(keys.current(ACCESS_TOKENS), random, context(userId, token.sha256()),
                token.value().getBytes(StandardCharsets.US_ASCII)).text();
    }

    /**
     * Decrypts the user's token.
     *
     * @param sha256 the hash by which the profile names the token
     * @throws UndecryptableTokenException if the text was tampered with, is another user's or another token's, or its key
     *     was removed
     */
    public OpaqueToken decrypt(String userId, String sha256, String encrypted) {
        var ciphertext = Ciphertext.of(encrypted);
        var key = keys.find(ciphertext.keyId(), ACCESS_TOKENS).orElseThrow(
                () -> new UndecryptableTokenException("the key of an access token is not in the key ring"));
        try {
            var clear = ciphertext.decrypt(key, context(userId, sha256));
            return new OpaqueToken(new String(clear, StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UndecryptableTokenException(e);
        }
    }

    /** Whether the text is encrypted with the current key. */
    boolean isCurrent(String encrypted) {
        return Ciphertext.of(encrypted).keyId().equals(keys.current(ACCESS_TOKENS).id());
    }

    /** Fetches the key ring again, for callers who need the current key. */
    void refreshKeys() {
        keys.refresh();
    }

    private static String context(String userId, String sha256) {
        return userId + "\n" + sha256;
    }
}
