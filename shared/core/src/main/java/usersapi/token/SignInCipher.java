package usersapi.token;

import static usersapi.token.KeyRing.Purpose.SIGN_INS;

import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Encrypts with AES-256-GCM the data that a browser keeps during a sign-in. Its keys are derived from the same secret as
 * those of the access tokens, but differ from them.
 */
public final class SignInCipher {

    private final KeyRing keys;
    private final SecureRandom random;

    @Inject
    SignInCipher(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /**
     * Encrypts.
     *
     * @param context the associated data, without which the text does not decrypt
     */
    public String encrypt(String context, byte[] clear) {
        return Ciphertext.encrypt(keys.current(SIGN_INS), random, context, clear).text();
    }

    /** The clear text; empty if the text was not encrypted by this class in this context, or its key was removed. */
    public Optional<byte[]> decrypt(String context, String presented) {
        var ciphertext = Ciphertext.of(presented);
        return keys.findPresented(ciphertext.keyId(), SIGN_INS).flatMap(key -> {
            try {
                return Optional.of(ciphertext.decrypt(key, context));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }
}
