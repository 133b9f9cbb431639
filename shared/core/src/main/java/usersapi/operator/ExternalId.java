package usersapi.operator;

import java.util.Optional;
import usersapi.json.JsonObject;

/** The {@code external_id} by which other services and operators name a user. */
public final class ExternalId {

    /** The detail of the answer to an event without one. */
    public static final String REQUIRED = "external_id: must be a user's external id";

    private static final int DIGITS = 32;

    private ExternalId() {}

    /**
     * The event's external id, 32 hexadecimal digits; empty if it is absent or malformed. Logs have external ids, so an address
     * or a credential must not pass for one.
     */
    public static Optional<String> of(JsonObject event) {
        return event.string("external_id")
                .filter(id -> id.length() == DIGITS && id.chars().allMatch(ExternalId::isDigit));
    }

    private static boolean isDigit(int character) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
    }
}
