package usersapi.billing;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import usersapi.subscription.Subscription;
import usersapi.wiring.Environment;

/**
 * What template.yaml says to the billing functions by their environment, read once. Incomplete or wrong, it fails the cold
 * start, so a broken deployment shows at its first call.
 *
 * @param apiBase {@code STRIPE_API_BASE}: where Stripe's API is
 * @param secret {@code STRIPE_SECRET}: ARN or name of the secret that {@link StripeSecret} reads
 * @param plans {@code STRIPE_PLANS}: Stripe's price of each plan, as {@code pro=price_123,team=price_456}
 * @param successUrl {@code CHECKOUT_SUCCESS_URL}: the frontend's page after a checkout; may hold {@code
 *     {CHECKOUT_SESSION_ID}}
 * @param cancelUrl {@code CHECKOUT_CANCEL_URL}: the frontend's page for who leaves a checkout
 * @param returnUrl {@code PORTAL_RETURN_URL}: the frontend's page to which the billing portal leads back
 */
record BillingConfig(String apiBase, String secret, Map<String, String> plans, String successUrl, String cancelUrl,
        String returnUrl) {

    /**
     * Reads the {@link Environment}.
     *
     * @throws IllegalStateException if a variable is missing or is not what it should be
     */
    static BillingConfig fromEnvironment() {
        return new BillingConfig(url("STRIPE_API_BASE"), Environment.required("STRIPE_SECRET"), prices(),
                url("CHECKOUT_SUCCESS_URL"), url("CHECKOUT_CANCEL_URL"), url("PORTAL_RETURN_URL"));
    }

    /** The plan that is sold at this price; empty if there is none now. */
    Optional<String> planOf(String price) {
        return plans.entrySet().stream().filter(plan -> plan.getValue().equals(price)).map(Map.Entry::getKey)
                .findFirst();
    }

    private static Map<String, String> prices() {
        var plans = new LinkedHashMap<String, String>();
        for (var pair : Environment.required("STRIPE_PLANS").split(",", -1)) {
            var parts = pair.strip().split("=", -1);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank() || plans.containsKey(parts[0])
                    || plans.containsValue(parts[1]) || parts[0].equals(Subscription.FREE)) {
                throw new IllegalStateException(
                        "environment variable STRIPE_PLANS must hold plan=price pairs, separated"
                                + " by commas, no plan and no price twice, and none named " + Subscription.FREE);
            }
            plans.put(parts[0], parts[1]);
        }
        return plans;
    }

    private static String url(String name) {
        var value = Environment.required(name);
        try {
            // Stripe's own placeholder is no legal character of a URI.
            var uri = URI.create(value.replace("{CHECKOUT_SESSION_ID}", "id"));
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the same refusal: the exception would quote the value.
        }
        throw new IllegalStateException("environment variable " + name + " must be a URL");
    }
}
