package usersapi.login;

import usersapi.config.Environment;

/**
 * What the name of each sign-in's cookie begins with.
 *
 * @param value {@code SIGN_IN_COOKIE}
 */
record SignInCookieName(String value) {

    /** Reads the value from the environment. */
    SignInCookieName(Environment environment) {
        this(environment.required("SIGN_IN_COOKIE"));
    }
}
