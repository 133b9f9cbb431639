package usersapi.session;

import jakarta.inject.Inject;
import java.util.List;
import usersapi.credential.SetCookie;

/** The two cookies of a session as values of {@code Set-Cookie}. */
public final class SessionCookies {

    private final SessionCookieName sessionCookie;
    private final CsrfCookieName csrfCookie;

    @Inject
    SessionCookies(SessionCookieName sessionCookie, CsrfCookieName csrfCookie) {
        this.sessionCookie = sessionCookie;
        this.csrfCookie = csrfCookie;
    }

    /** Sets both; they last as long as the session does. */
    public List<String> set(OpenedSession session) {
        return cookies(session.id().value(), session.csrf().value(), session.lifetime().toSeconds());
    }

    /** Makes the browser forget both. */
    public List<String> clear() {
        return cookies("", "", 0);
    }

    /** Scripts must read the CSRF cookie and must not read the session's. */
    private List<String> cookies(String id, String csrf, long maxAgeSeconds) {
        return List.of(SetCookie.hidden(sessionCookie.value(), id, maxAgeSeconds),
                SetCookie.readable(csrfCookie.value(), csrf, maxAgeSeconds));
    }
}
