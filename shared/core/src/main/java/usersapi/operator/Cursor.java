package usersapi.operator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import usersapi.credential.Sha256;
import usersapi.json.JsonObject;

/**
 * Converts positions of a function that goes through many items to texts for its invoker, and back. A text begins with a
 * digest of function, input and position, so that texts of another function, for another input, or made up are refused. This
 * guards against mistakes, not against an operator who computes the digest.
 */
public final class Cursor {

    private static final int DIGEST_BYTES = 16;

    private final String owner;

    /** Cursors of this function for this user, or for everybody. */
    public Cursor(Class<?> function, Optional<String> userId) {
        this(function, userId.map(id -> "user " + id).orElse("all"));
    }

    /** Cursors of this function for everybody in this segment. */
    Cursor(Class<?> function, Segment segment) {
        this(function, "segment " + segment);
    }

    private Cursor(Class<?> function, String input) {
        owner = function.getSimpleName() + "\n" + input + "\n";
    }

    /** The outcomes of reading an event's {@code from}. */
    public sealed interface From {

        /** The position at which to continue; empty for the beginning. */
        record Position(Optional<String> position) implements From {}

        /** The text is not one of these cursors; {@code detail} says what to correct. */
        record Invalid(String detail) implements From {}
    }

    /** Reads the event's {@code from}, which may be absent or null. */
    public From from(JsonObject event) {
        var position = event.string("from").flatMap(this::position);
        return event.get("from") != null && position.isEmpty()
                ? new From.Invalid("from: must be the next of an earlier answer to the same input")
                : new From.Position(position);
    }

    /** The cursor of this position. */
    public String at(String position) {
        var text = position.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(DIGEST_BYTES + text.length).put(digest(position)).put(text).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The position of this cursor; empty if it is not one of these. */
    private Optional<String> position(String cursor) {
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length < DIGEST_BYTES) {
                return Optional.empty();
            }
            var position = new String(bytes, DIGEST_BYTES, bytes.length - DIGEST_BYTES, StandardCharsets.UTF_8);
            return Arrays.equals(bytes, 0, DIGEST_BYTES, digest(position), 0, DIGEST_BYTES)
                    ? Optional.of(position)
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private byte[] digest(String position) {
        return Arrays.copyOf(Sha256.of(owner + position), DIGEST_BYTES);
    }
}
