package usersapi.login;

import usersapi.config.Environment;

/**
 * The prefix of the names of the sign-ins' cookies.
 *
 * @param value {@code SIGN_IN_COOKIE}
 */
record SignInCookieName(String value) {

    /** Reads the value from the environment. */
    SignInCookieName(Environment environment) {
        this(environment.required("SIGN_IN_COOKIE"));
    }
}
