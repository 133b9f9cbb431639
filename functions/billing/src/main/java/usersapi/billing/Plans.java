package usersapi.billing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.subscription.Subscription;

/**
 * The plans that can be subscribed to.
 *
 * @param prices {@code STRIPE_PLANS}: Stripe's price of each plan, there as {@code pro=price_123,team=price_456}
 */
record Plans(Map<String, String> prices) {

    /**
     * What the environment says.
     *
     * @throws IllegalStateException if it is not what it should be
     */
    Plans(Environment environment) {
        this(prices(environment));
    }

    /** The plan that is sold at this price; empty if there is none now. */
    Optional<String> planOf(String price) {
        return prices.entrySet().stream().filter(plan -> plan.getValue().equals(price)).map(Map.Entry::getKey)
                .findFirst();
    }

    private static Map<String, String> prices(Environment environment) {
        var plans = new LinkedHashMap<String, String>();
        for (var pair : environment.required("STRIPE_PLANS").split(",", -1)) {
            var parts = pair.strip().split("=", -1);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank() || plans.containsKey(parts[0])
                    || plans.containsValue(parts[1]) || parts[0].equals(Subscription.FREE)) {
                throw environment.invalid("STRIPE_PLANS", "must hold plan=price pairs, separated by commas, no plan"
                        + " and no price twice, and none named " + Subscription.FREE);
            }
            plans.put(parts[0], parts[1]);
        }
        return plans;
    }
}
