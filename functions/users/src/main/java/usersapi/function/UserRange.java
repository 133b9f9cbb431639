package usersapi.function;

import java.util.Optional;
import usersapi.item.ItemKey;
import usersapi.json.JsonObject;

/**
 * Whom an operator's function is to go through: {@code {"external_id": U}} is one user, {@code {"all": true}} everybody. It
 * may take several invocations, each with the {@code next} of the last one's answer as {@code "from"}.
 *
 * @param userId the one user; empty for everybody
 * @param from where to go on; empty for the beginning
 */
record UserRange(Optional<String> userId, Optional<ItemKey> from) {

    /** What reading an event can come to. */
    sealed interface Parsed {

        /** The event says whom. */
        record Valid(UserRange range) implements Parsed {}

        /** It does not; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    static Parsed parse(JsonObject event) {
        var userId = ExternalId.of(event);
        boolean isOne = event.get("external_id") != null;
        if (isOne == Boolean.TRUE.equals(event.get("all")) || isOne != userId.isPresent()) {
            return new Parsed.Invalid("either external_id: a user's external id, or all: true");
        }
        var from = from(event.object("from"));
        if (event.get("from") != null && from.filter(key -> isIn(userId, key)).isEmpty()) {
            return new Parsed.Invalid("from: must be the next of an earlier answer to the same input");
        }
        return new Parsed.Valid(new UserRange(userId, from));
    }

    /** The {@code next} of an answer: null at the end. */
    static JsonObject next(Optional<ItemKey> next) {
        return next.map(key -> new JsonObject().put("pk", key.pk()).put("sk", key.sk())).orElse(null);
    }

    private static Optional<ItemKey> from(JsonObject from) {
        return from.string("pk").filter(pk -> !pk.isEmpty())
                .flatMap(pk -> from.string("sk").filter(sk -> !sk.isEmpty()).map(sk -> new ItemKey(pk, sk)));
    }

    private static boolean isIn(Optional<String> userId, ItemKey key) {
        return userId.map(id -> key.pk().equals(ItemKey.profile(id).pk())).orElse(true);
    }
}
