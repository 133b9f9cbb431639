package usersapi.token;

import static usersapi.token.KeyRing.Purpose.SIGN_INS;

import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Encrypts with AES-256-GCM what a browser keeps for us during a sign-in. The keys are derived of the same secret as those of
 * the access tokens, and are others.
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
     * @param context what it belongs to, without which it does not decrypt
     */
    public String encrypt(String context, byte[] clear) {
        return Ciphertext.encrypt(keys.current(SIGN_INS), random, context, clear).text();
    }

    /** The clear text; empty for a text that was not encrypted here, in this context, by a key that is still there. */
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
