package usersapi.session;

import java.time.Duration;
import usersapi.config.Environment;

/**
 * How long a session lasts.
 *
 * @param duration {@code SESSION_DAYS}: the time from sign-in to expiry
 */
public record SessionLifetime(Duration duration) {

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if the days are not a positive whole number
     */
    public SessionLifetime(Environment environment) {
        this(Duration.ofDays(days(environment)));
    }

    private static long days(Environment environment) {
        var value = environment.required("SESSION_DAYS");
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw environment.invalid("SESSION_DAYS", "must be a positive whole number");
        }
        return Long.parseLong(value);
    }
}
