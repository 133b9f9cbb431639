package usersapi.session;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import usersapi.wiring.Config;

/** The two cookies of a session as values of {@code Set-Cookie} (RFC 6265, section 4.1). */
public final class SessionCookies {

    private final Config config;
    private final Clock clock;

    @Inject
    SessionCookies(Config config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** Sets both; they last as long as the session does. */
    public List<String> set(OpenedSession session) {
        return cookies(session.id().value(), session.csrf().value(),
                Duration.between(clock.instant(), session.expires()).toSeconds());
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
