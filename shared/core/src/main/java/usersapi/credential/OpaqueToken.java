package usersapi.credential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * An unguessable credential: 32 random bytes as base64url without padding, 43 characters. Access tokens, session ids and
 * CSRF tokens are such tokens; the table holds only their {@link #sha256()}.
 *
 * @param value the credential itself; it leaves the process only in an answer to its owner
 */
public record OpaqueToken(String value) {

    private static final int BYTES = 32;
    private static final int CHARACTERS = 43;

    /** A new token. */
    public static OpaqueToken random(SecureRandom random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new OpaqueToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** The token that a client presented; empty for a malformed one, which need not be looked up. */
    public static Optional<OpaqueToken> parse(String presented) {
        return presented.length() == CHARACTERS && presented.chars().allMatch(OpaqueToken::isBase64Url)
                ? Optional.of(new OpaqueToken(presented))
                : Optional.empty();
    }

    /** RFC 4648, section 5. */
    private static boolean isBase64Url(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /** SHA-256 of the token's characters, in hex. It needs no salt, because nobody guesses 256 random bits. */
    public String sha256() {
        return Sha256.hex(value);
    }

    /** Whether the token has this hash, compared in constant time. */
    public boolean matches(String sha256) {
        return MessageDigest.isEqual(sha256().getBytes(StandardCharsets.US_ASCII),
                sha256.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "OpaqueToken[redacted]";
    }
}
