package usersapi.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import usersapi.credential.OpaqueToken;

/**
 * A sign-in that has begun and not yet come back from the provider.
 *
 * @param state its name in the requests to and from the provider
 * @param verifier the code verifier of PKCE (RFC 7636), which the provider gets together with the code
 * @param nonce a random value that the provider puts into the ID token
 * @param next the address after the sign-in
 * @param expires when it ends
 */
record PendingSignIn(OpaqueToken state, OpaqueToken verifier, OpaqueToken nonce, NextPath next, Instant expires) {

    /** The time that a person has at the provider. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int PARTS = 4;

    /** Begins a sign-in. */
    static PendingSignIn begin(NextPath next, SecureRandom random, Instant now) {
        return new PendingSignIn(OpaqueToken.random(random), OpaqueToken.random(random), OpaqueToken.random(random),
                next,
                now.plus(LIFETIME));
    }

    /** All members but the state, as text. */
    String toText() {
        return String.join(" ", Long.toString(expires.getEpochSecond()), verifier.value(), nonce.value(), next.value());
    }

    /** Parses the text of {@link #toText}; empty for a text of another version. */
    static Optional<PendingSignIn> of(OpaqueToken state, String text) {
        var parts = text.split(" ", PARTS);
        return parts.length == PARTS
                ? Optional.of(new PendingSignIn(state, new OpaqueToken(parts[1]), new OpaqueToken(parts[2]),
                        new NextPath(parts[3]), Instant.ofEpochSecond(Long.parseLong(parts[0]))))
                : Optional.empty();
    }
}
