package usersapi.billing;

import usersapi.config.Environment;

/**
 * The frontend's page to which Stripe's billing portal leads back.
 *
 * @param returnUrl {@code PORTAL_RETURN_URL}
 */
record PortalPage(String returnUrl) {

    /** What the environment says. */
    PortalPage(Environment environment) {
        this(ConfiguredUrl.of(environment, "PORTAL_RETURN_URL"));
    }
}
