package usersapi.session;

import usersapi.config.Environment;

/**
 * The name of the cookie from which the frontend reads its CSRF token.
 *
 * @param value {@code CSRF_COOKIE}
 */
public record CsrfCookieName(String value) {

    /** Reads the value from the environment. */
    public CsrfCookieName(Environment environment) {
        this(environment.required("CSRF_COOKIE"));
    }
}
