package usersapi.billing;

import usersapi.config.Environment;
import usersapi.lambda.Sample;

/**
 * The address of Stripe's API, and the secret with its keys.
 *
 * @param apiBase {@code STRIPE_API_BASE}: the URL of Stripe's API
 * @param secretId {@code STRIPE_SECRET}: ARN or name of the secret that {@link StripeSecret} reads
 */
record StripeAccess(String apiBase, String secretId) {

    /** Reads the value from the environment. */
    StripeAccess(Environment environment) {
        this(ConfiguredUrl.of(environment, "STRIPE_API_BASE"), environment.required("STRIPE_SECRET"));
    }

    /** Its variable, for priming. */
    static Sample sample() {
        return new Sample.Service("STRIPE_API_BASE");
    }
}
