package usersapi.billing;

import usersapi.config.Environment;

/**
 * The frontend's pages to which a checkout leads back.
 *
 * @param successUrl {@code CHECKOUT_SUCCESS_URL}: the page after a checkout, which gets the session's id as
 *     {@code session_id}
 * @param cancelUrl {@code CHECKOUT_CANCEL_URL}: the page after leaving a checkout
 */
record CheckoutPages(String successUrl, String cancelUrl) {

    /** Stripe replaces it by the session's id (docs.stripe.com/payments/checkout/custom-success-page). */
    private static final String SESSION_ID = "{CHECKOUT_SESSION_ID}";

    /** Reads the value from the environment. */
    CheckoutPages(Environment environment) {
        this(withSessionId(ConfiguredUrl.of(environment, "CHECKOUT_SUCCESS_URL")),
                ConfiguredUrl.of(environment, "CHECKOUT_CANCEL_URL"));
    }

    private static String withSessionId(String url) {
        return url.contains(SESSION_ID) ? url : url + (url.contains("?") ? "&" : "?") + "session_id=" + SESSION_ID;
    }
}
