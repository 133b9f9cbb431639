package usersapi.billing;

import usersapi.config.Environment;

/**
 * Where Stripe is, and where its keys are.
 *
 * @param apiBase {@code STRIPE_API_BASE}: where Stripe's API is
 * @param secretId {@code STRIPE_SECRET}: ARN or name of the secret that {@link StripeSecret} reads
 */
record StripeAccess(String apiBase, String secretId) {

    /** Reads the value from the environment. */
    StripeAccess(Environment environment) {
        this(ConfiguredUrl.of(environment, "STRIPE_API_BASE"), environment.required("STRIPE_SECRET"));
    }
}
