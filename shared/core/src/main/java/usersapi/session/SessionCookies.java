package usersapi.session;

import jakarta.inject.Inject;
import java.util.List;
import usersapi.wiring.Config;

/** The two cookies of a session as values of {@code Set-Cookie} (RFC 6265, section 4.1). */
public final class SessionCookies {

    private final Config config;

    @Inject
    SessionCookies(Config config) {
        this.config = config;
    }

    /** Sets both; they last as long as the session does. */
    public List<String> set(OpenedSession session) {
        return cookies(session.id().value(), session.csrf().value(), config.sessionLifetime().toSeconds());
    }

    /** Makes the browser forget both. */
    public List<String> clear() {
        return cookies("", "", 0);
    }

    /** Scripts must read the CSRF cookie and must not read the session's. */
    private List<String> cookies(String id, String csrf, long maxAgeSeconds) {
        var attributes = "; Path=/; Max-Age=" + maxAgeSeconds + "; Secure; SameSite=Lax";
        return List.of(config.sessionCookie() + "=" + id + attributes + "; HttpOnly",
                config.csrfCookie() + "=" + csrf + attributes);
    }
}
