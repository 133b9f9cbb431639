package usersapi.session;

import usersapi.credential.OpaqueToken;

/**
 * A session that has not expired.
 *
 * @param id its id in the user's list; not a credential
 * @param userId external id of the signed-in user
 * @param lastSeen when it was last used, in epoch seconds; up to an hour behind
 * @param expires when it ends, in epoch seconds, if nobody uses it from now on
 * @param csrfHash SHA-256 of the session's own CSRF token, in hex
 */
public record Session(String id, String userId, long lastSeen, long expires, String csrfHash) {

    /** Whether this is the session's CSRF token, compared in constant time. */
    public boolean isCsrfToken(OpaqueToken presented) {
        return presented.matches(csrfHash);
    }
}
