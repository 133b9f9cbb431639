package usersapi.session;

import jakarta.inject.Inject;
import java.util.List;

/** The two cookies of a session as values of {@code Set-Cookie} (RFC 6265, section 4.1). */
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
        var attributes = "; Path=/; Max-Age=" + maxAgeSeconds + "; Secure; SameSite=Lax";
        return List.of(sessionCookie.value() + "=" + id + attributes + "; HttpOnly",
                csrfCookie.value() + "=" + csrf + attributes);
    }
}
