package usersapi.billing;

import usersapi.config.Environment;

/**
 * The frontend's pages to which a checkout leads back.
 *
 * @param successUrl {@code CHECKOUT_SUCCESS_URL}: after a checkout; may hold {@code {CHECKOUT_SESSION_ID}}
 * @param cancelUrl {@code CHECKOUT_CANCEL_URL}: for who leaves a checkout
 */
record CheckoutPages(String successUrl, String cancelUrl) {

    /** What the environment says. */
    CheckoutPages(Environment environment) {
        this(ConfiguredUrl.of(environment, "CHECKOUT_SUCCESS_URL"),
                ConfiguredUrl.of(environment, "CHECKOUT_CANCEL_URL"));
    }
}
