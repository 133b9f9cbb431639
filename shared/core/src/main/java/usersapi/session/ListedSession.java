package usersapi.session;

import java.time.Instant;

/**
 * An open session as its user sees it.
 *
 * @param id not a credential: only the session's user can end the session by it
 * @param created when it was opened
 * @param lastSeen when it was last used, in epoch seconds; up to an hour behind
 * @param expires when it ends, in epoch seconds, if nobody uses it from now on
 */
public record ListedSession(String id, Instant created, long lastSeen, long expires) {}
