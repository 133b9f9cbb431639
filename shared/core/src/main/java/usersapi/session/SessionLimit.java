package usersapi.session;

import usersapi.config.Environment;

/**
 * How many sessions a user may have open.
 *
 * @param sessions {@code SESSIONS_PER_USER}: when one more opens, the one opened earliest ends
 */
public record SessionLimit(int sessions) {

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if it is not a positive whole number
     */
    public SessionLimit(Environment environment) {
        this(sessions(environment));
    }

    private static int sessions(Environment environment) {
        var value = environment.required("SESSIONS_PER_USER");
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw environment.invalid("SESSIONS_PER_USER", "must be a positive whole number");
        }
        return Integer.parseInt(value);
    }
}
