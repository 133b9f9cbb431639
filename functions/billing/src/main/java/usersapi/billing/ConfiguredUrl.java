package usersapi.billing;

import java.net.URI;
import usersapi.config.Environment;

/** URLs that the environment names. */
final class ConfiguredUrl {

    private ConfiguredUrl() {}

    /**
     * The URL of this variable.
     *
     * @throws IllegalStateException if it is missing, or no URL of HTTP or HTTPS
     */
    static String of(Environment environment, String variable) {
        var value = environment.required(variable);
        try {
            // Stripe's own placeholder is no legal character of a URI.
            var uri = URI.create(value.replace("{CHECKOUT_SESSION_ID}", "id"));
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the same refusal: the exception would quote the value.
        }
        throw environment.invalid(variable, "must be a URL");
    }
}
