package usersapi.token;

import usersapi.config.Environment;

/**
 * The secret that holds the access tokens' key ring.
 *
 * @param id {@code TOKEN_KEY_SECRET}: its ARN or name
 */
public record TokenKeySecret(String id) {

    /** The secret that the environment names. */
    public TokenKeySecret(Environment environment) {
        this(environment.required("TOKEN_KEY_SECRET"));
    }
}
