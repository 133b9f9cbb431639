package usersapi.operator;

import java.util.Optional;
import usersapi.json.JsonObject;

/** The {@code external_id} by which other services and operators name a user. */
public final class ExternalId {

    /** The detail of the answer to an event without one. */
    public static final String REQUIRED = "external_id: must be a user's external id";

    /** More characters than an external id has, and fewer than a key of the table may have. */
    private static final int MAX_CHARACTERS = 200;

    private ExternalId() {}

    /** The event's external id; empty if it is absent or malformed. */
    public static Optional<String> of(JsonObject event) {
        return event.string("external_id").filter(id -> !id.isEmpty() && id.length() <= MAX_CHARACTERS);
    }
}
