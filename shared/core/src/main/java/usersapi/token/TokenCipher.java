package usersapi.token;

import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import usersapi.credential.OpaqueToken;

/**
 * Encrypts access tokens for the table with AES-256-GCM. The user's id and the token's hash are the associated data, so
 * neither another user's ciphertext decrypts nor an older one of the same user. The text form is {@code key id . base64url(nonce, ciphertext, tag)}.
 */
public final class TokenCipher {

    private static final int NONCE_BYTES = 12; // NIST SP 800-38D, section 5.2.1.1: 96 bits
    private static final int TAG_BITS = 128;

    private final KeyRing keys;
    private final SecureRandom random;

    @Inject
    TokenCipher(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** The user's token as it may stand in the table. */
    public String encrypt(String userId, OpaqueToken token) {
        var current = keys.current();
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var clear = token.value().getBytes(StandardCharsets.US_ASCII);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, current.key(), nonce, userId, token.sha256()).doFinal(clear);
            var bytes = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
            return current.id() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The user's token again.
     *
     * @param sha256 the hash by which the profile names the token
     * @throws UndecryptableTokenException if the text was tampered with, is another user's or another token's, or its key is
     *     gone: an outage, never somebody's token
     */
    public OpaqueToken decrypt(String userId, String sha256, String encrypted) {
        var key = keys.find(keyId(encrypted)).orElseThrow(
                () -> new UndecryptableTokenException("the key of an access token is not in the key ring"));
        try {
            var bytes = Base64.getUrlDecoder().decode(encrypted.substring(encrypted.lastIndexOf('.') + 1));
            var cipher = cipher(Cipher.DECRYPT_MODE, key, bytes, userId, sha256);
            var clear = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
            return new OpaqueToken(new String(clear, StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UndecryptableTokenException(e);
        }
    }

    /** Whether the text names the key that now encrypts. */
    boolean isCurrent(String encrypted) {
        return keyId(encrypted).equals(keys.current().id());
    }

    /** Has the key ring fetched anew: whoever must not take an old key for the current one needs it as it is now. */
    void refreshKeys() {
        keys.refresh();
    }

    private static String keyId(String encrypted) {
        return encrypted.substring(0, Math.max(encrypted.lastIndexOf('.'), 0));
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonceFirst, String userId, String sha256)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonceFirst, 0, NONCE_BYTES));
        cipher.updateAAD((userId + "\n" + sha256).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
