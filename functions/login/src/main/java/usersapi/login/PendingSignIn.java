package usersapi.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import usersapi.credential.OpaqueToken;

/**
 * A sign-in between the way to the provider and the way back.
 *
 * @param state names it, in the addresses of both ways
 * @param verifier the code verifier of PKCE (RFC 7636), which the provider gets with the code only
 * @param nonce the provider puts it into the ID token
 * @param next where the browser gets to in the end
 * @param expires after which it is over
 */
record PendingSignIn(OpaqueToken state, OpaqueToken verifier, OpaqueToken nonce, NextPath next, Instant expires) {

    /** How long a person may take at the provider. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int PARTS = 4;

    /** A new one. */
    static PendingSignIn begin(NextPath next, SecureRandom random, Instant now) {
        return new PendingSignIn(OpaqueToken.random(random), OpaqueToken.random(random), OpaqueToken.random(random),
                next,
                now.plus(LIFETIME));
    }

    /** All but the state, as text. */
    String toText() {
        return "%d %s %s %s".formatted(expires.getEpochSecond(), verifier.value(), nonce.value(), next.value());
    }

    /** The sign-in of this state, from what {@link #toText} made of it; empty if it is another version's text. */
    static Optional<PendingSignIn> of(OpaqueToken state, String text) {
        var parts = text.split(" ", PARTS);
        return parts.length == PARTS
                ? Optional.of(new PendingSignIn(state, new OpaqueToken(parts[1]), new OpaqueToken(parts[2]),
                        new NextPath(parts[3]), Instant.ofEpochSecond(Long.parseLong(parts[0]))))
                : Optional.empty();
    }
}
