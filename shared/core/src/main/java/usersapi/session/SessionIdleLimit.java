package usersapi.session;

import java.time.Duration;
import java.util.Optional;
import usersapi.config.Environment;

/**
 * How long a session may go unused before it ends.
 *
 * @param duration {@code SESSION_IDLE_DAYS}; empty if a session ends only with its lifetime
 */
public record SessionIdleLimit(Optional<Duration> duration) {

    /**
     * Reads the value from the environment; 0 is none.
     *
     * @throws IllegalStateException if the days are not a whole number
     */
    public SessionIdleLimit(Environment environment) {
        this(Optional.of(days(environment)).filter(days -> days > 0).map(Duration::ofDays));
    }

    private static long days(Environment environment) {
        var value = environment.required("SESSION_IDLE_DAYS");
        if (!value.matches("0|[1-9][0-9]{0,4}")) {
            throw environment.invalid("SESSION_IDLE_DAYS", "must be a whole number");
        }
        return Long.parseLong(value);
    }

    /** A session that was last used at this time or earlier has ended; in epoch seconds. */
    long lastSeenOfEnded(long now) {
        return duration.map(idle -> now - idle.toSeconds()).orElse(Long.MIN_VALUE);
    }

    /** When the session ends if nobody uses it from now on, in epoch seconds: by this limit or by its lifetime. */
    long end(SessionItem session) {
        return duration.map(idle -> Math.min(session.expires(), session.lastSeen() + idle.toSeconds()))
                .orElse(session.expires());
    }
}
