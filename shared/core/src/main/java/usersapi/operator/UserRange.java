package usersapi.operator;

import java.util.Optional;
import usersapi.json.JsonObject;

/**
 * The users whom an operator's function goes through: {@code {"external_id": U}} is one user, {@code {"all": true}}
 * everybody, {@code {"all": true, "segment": 1, "segments": 4}} the first of four parts of everybody, which can run side by
 * side. A range may take several invocations, each with the {@code next} of the last answer as {@code "from"}.
 *
 * @param userId the one user; empty for everybody
 * @param segment the part of everybody; empty for one user, and for all parts
 * @param from the position at which to continue; empty for the beginning
 * @param cursor makes cursors of positions, for this function and input
 */
public record UserRange(Optional<String> userId, Optional<Segment> segment, Optional<String> from, Cursor cursor) {

    /** The outcomes of reading an event. */
    public sealed interface Parsed {

        /** The event names the users. */
        record Valid(UserRange range) implements Parsed {}

        /** The event is invalid; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    /** Reads the event of this function. */
    public static Parsed parse(JsonObject event, Class<?> function) {
        var userId = ExternalId.of(event);
        boolean isOne = event.get("external_id") != null;
        var all = event.flag("all");
        if (all.isEmpty() || isOne == all.get() || isOne != userId.isPresent()) {
            return new Parsed.Invalid("either external_id: a user's external id, or all: true");
        }
        var segment = Segment.of(event.get("segment"), event.get("segments"));
        boolean namesSegment = event.get("segment") != null || event.get("segments") != null;
        if (namesSegment && (isOne || segment.isEmpty())) {
            return new Parsed.Invalid("segment: with all: true, a whole number from 1 to segments, which is at most %d"
                    .formatted(Segment.MAX_COUNT));
        }
        var cursor = segment.map(part -> new Cursor(function, part)).orElseGet(() -> new Cursor(function, userId));
        return switch (cursor.from(event)) {
            case Cursor.From.Invalid(var detail) -> new Parsed.Invalid(detail);
            case Cursor.From.Position(var from) -> new Parsed.Valid(new UserRange(userId, segment, from, cursor));
        };
    }

    /** The {@code next} of an answer: null at the end. */
    public String next(Optional<String> position) {
        return position.map(cursor::at).orElse(null);
    }

    /** Adds {@code failed_users} to the answer about a segment, because the state machine cannot name them otherwise. */
    public JsonObject addTo(JsonObject answer, FailedUsers failed) {
        return segment.isPresent() ? answer.put("failed_users", failed.ids()) : answer;
    }
}
