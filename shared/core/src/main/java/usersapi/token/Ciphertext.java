package usersapi.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A secret encrypted by AES-256-GCM, as text: {@code key id . base64url(nonce, ciphertext, tag)}.
 *
 * @param text the whole text
 */
record Ciphertext(String text) {

    private static final int NONCE_BYTES = 12; // NIST SP 800-38D, section 5.2.1.1: 96 bits
    private static final int TAG_BITS = 128;

    /** Wraps a text, which may be malformed. */
    static Ciphertext of(String text) {
        return new Ciphertext(text);
    }

    /**
     * Encrypts a secret.
     *
     * @param context the associated data, without which it does not decrypt
     */
    static Ciphertext encrypt(KeyRing.Entry key, SecureRandom random, String context, byte[] clear) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, key.key(), nonce, context).doFinal(clear);
            var bytes = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
            return new Ciphertext(key.id() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The id of the key that encrypted it. */
    String keyId() {
        return text.substring(0, Math.max(text.lastIndexOf('.'), 0));
    }

    /**
     * Decrypts the secret.
     *
     * @throws GeneralSecurityException if key or context differ, or the text was tampered with
     * @throws IllegalArgumentException if the text is not a ciphertext
     */
    byte[] decrypt(SecretKey key, String context) throws GeneralSecurityException {
        var bytes = Base64.getUrlDecoder().decode(text.substring(text.lastIndexOf('.') + 1));
        if (bytes.length < NONCE_BYTES) {
            throw new IllegalArgumentException("too short for a ciphertext");
        }
        return cipher(Cipher.DECRYPT_MODE, key, bytes, context).doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonceFirst, String context)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonceFirst, 0, NONCE_BYTES));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** Without the text. */
    @Override
    public String toString() {
        return "Ciphertext[redacted]";
    }
}
