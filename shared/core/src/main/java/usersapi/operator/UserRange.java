package usersapi.operator;

import java.util.Optional;
import usersapi.json.JsonObject;

/**
 * Whom an operator's function is to go through: {@code {"external_id": U}} is one user, {@code {"all": true}} everybody. It
 * may take several invocations, each with the {@code next} of the last one's answer as {@code "from"}.
 *
 * @param userId the one user; empty for everybody
 * @param from the position at which to go on; empty for the beginning
 * @param cursor makes cursors of positions, for this function and input
 */
public record UserRange(Optional<String> userId, Optional<String> from, Cursor cursor) {

    /** What reading an event can come to. */
    public sealed interface Parsed {

        /** The event says whom. */
        record Valid(UserRange range) implements Parsed {}

        /** It does not; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    /** Reads the event of this function. */
    public static Parsed parse(JsonObject event, Class<?> function) {
        var userId = ExternalId.of(event);
        boolean isOne = event.get("external_id") != null;
        if (isOne == Boolean.TRUE.equals(event.get("all")) || isOne != userId.isPresent()) {
            return new Parsed.Invalid("either external_id: a user's external id, or all: true");
        }
        var cursor = new Cursor(function, userId);
        return switch (cursor.from(event)) {
            case Cursor.From.Invalid(var detail) -> new Parsed.Invalid(detail);
            case Cursor.From.Position(var from) -> new Parsed.Valid(new UserRange(userId, from, cursor));
        };
    }

    /** The {@code next} of an answer: null at the end. */
    public String next(Optional<String> position) {
        return position.map(cursor::at).orElse(null);
    }
}
