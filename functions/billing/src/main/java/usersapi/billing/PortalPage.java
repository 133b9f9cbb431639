package usersapi.billing;

import usersapi.config.Environment;

/**
 * The frontend's page to which Stripe's billing portal leads back.
 *
 * @param returnUrl {@code PORTAL_RETURN_URL}
 */
record PortalPage(String returnUrl) {

    /** Reads the value from the environment. */
    PortalPage(Environment environment) {
        this(ConfiguredUrl.of(environment, "PORTAL_RETURN_URL"));
    }
}
