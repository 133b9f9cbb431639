package usersapi.operator;

import java.util.Optional;
import usersapi.json.JsonObject;

/** The {@code external_id} that other services and operators name a user by. */
public final class ExternalId {

    /** The detail of an answer where there is none. */
    public static final String REQUIRED = "external_id: must be a user's external id";

    /** Far more than an external id has, and less than a key of the table may have. */
    private static final int MAX_CHARACTERS = 200;

    private ExternalId() {}

    /** The event's external id; empty if it cannot be anybody's. */
    public static Optional<String> of(JsonObject event) {
        return event.string("external_id").filter(id -> !id.isEmpty() && id.length() <= MAX_CHARACTERS);
    }
}
