package usersapi.session;

import usersapi.config.Environment;

/**
 * The name of the cookie that carries the session id.
 *
 * @param value {@code SESSION_COOKIE}
 */
public record SessionCookieName(String value) {

    /** Reads the value from the environment. */
    public SessionCookieName(Environment environment) {
        this(environment.required("SESSION_COOKIE"));
    }
}
