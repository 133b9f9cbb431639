package usersapi.session;

import java.time.Instant;

/**
 * An open session as its user sees it.
 *
 * @param id no credential: nothing can be done with it but end the session, by its user
 * @param created when it was opened
 * @param lastSeen when it was last used, in epoch seconds; up to an hour behind
 * @param expires when it ends, in epoch seconds, if it is not used any more
 */
public record ListedSession(String id, Instant created, long lastSeen, long expires) {}
