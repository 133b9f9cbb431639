package usersapi.local;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Randomness whose first values are given: each is handed out to whoever asks for as many bytes as it has, in their order. All
 * else is random. By it the functions' own code makes a credential that is known beforehand.
 */
final class RehearsedRandom extends SecureRandom {

    private static final long serialVersionUID = 1;

    private final transient Queue<byte[]> given;

    /** Randomness that begins with these values. */
    RehearsedRandom(byte[]... given) {
        this.given = new ArrayDeque<>(List.of(given));
    }

    @Override
    public void nextBytes(byte[] bytes) {
        if (!given.isEmpty() && given.element().length == bytes.length) {
            System.arraycopy(given.remove(), 0, bytes, 0, bytes.length);
        } else {
            super.nextBytes(bytes);
        }
    }
}
