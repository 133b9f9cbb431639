package usersapi.session;

import java.time.Duration;
import java.time.Instant;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;

/**
 * The values that the browser gets when its session opens; the table keeps only hashes of them.
 *
 * @param id for the session cookie
 * @param csrf for the CSRF cookie, from which the frontend copies it into {@code X-CSRFToken}
 * @param expires when the session's lifetime ends
 * @param lifetime the time from its opening to that end
 * @param ended how many of the user's sessions ended because there were too many
 */
public record OpenedSession(OpaqueToken id, OpaqueToken csrf, Instant expires, Duration lifetime, int ended) {

    /** The same session, with this number of ended ones. */
    OpenedSession ending(int others) {
        return new OpenedSession(id, csrf, expires, lifetime, others);
    }

    /** The members of the log line about its opening; an end by its time has no line of its own. */
    public JsonObject toLog(String userId) {
        return AccountEvent.SESSION_OPENED.toLog().put("user_id", userId).put("expires", expires.getEpochSecond())
                .put("ended", ended);
    }
}
