package usersapi.billing;

import java.net.URI;
import usersapi.config.Environment;

/** URLs that the environment names. */
final class ConfiguredUrl {

    private ConfiguredUrl() {}

    /**
     * The URL of this variable.
     *
     * @throws IllegalStateException if it is missing, or is not an HTTP or HTTPS URL
     */
    static String of(Environment environment, String variable) {
        var value = environment.required(variable);
        try {
            // The braces of Stripe's placeholder are not legal in a URI.
            var uri = URI.create(value.replace("{CHECKOUT_SESSION_ID}", "id"));
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // Not rethrown, because the exception would quote the value.
        }
        throw environment.invalid(variable, "must be a URL");
    }
}
