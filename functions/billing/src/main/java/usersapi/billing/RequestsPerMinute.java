package usersapi.billing;

import usersapi.config.Environment;

/**
 * How many requests that ask Stripe a user may make in a minute.
 *
 * @param value {@code STRIPE_REQUESTS_PER_MINUTE}
 */
record RequestsPerMinute(int value) {

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if it is not a number from 1 to 9999
     */
    RequestsPerMinute(Environment environment) {
        this(read(environment));
    }

    private static int read(Environment environment) {
        var value = environment.required("STRIPE_REQUESTS_PER_MINUTE");
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw environment.invalid("STRIPE_REQUESTS_PER_MINUTE", "must be a number from 1 to 9999");
        }
        return Integer.parseInt(value);
    }
}
