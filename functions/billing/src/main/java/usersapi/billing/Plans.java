package usersapi.billing;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.lambda.Sample;
import usersapi.subscription.Subscription;

/**
 * The configured plans, from the lowest to the highest.
 *
 * @param prices {@code STRIPE_PLANS}: Stripe's prices of each plan, for example {@code pro=price_1|price_2,team=price_3}; a
 *     checkout sells the first price of a plan, and a subscription with another one has the plan too
 */
record Plans(Map<String, List<String>> prices) {

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if the value is invalid
     */
    Plans(Environment environment) {
        this(prices(environment));
    }

    /** The price at which the plan is sold; empty if there is no such plan. */
    Optional<String> soldAt(String plan) {
        return Optional.ofNullable(prices.get(plan)).map(List::getFirst);
    }

    /** The plan of this price; empty if it belongs to no plan. */
    Optional<String> of(String price) {
        return prices.entrySet().stream().filter(plan -> plan.getValue().contains(price)).map(Map.Entry::getKey)
                .findFirst();
    }

    /** The highest plan of these prices. */
    Optional<String> highestOf(Collection<String> paid) {
        return paid.stream().flatMap(price -> of(price).stream()).max(Comparator.comparingInt(this::rank));
    }

    /** The plan's rank, from the lowest to the highest; -1 for an unknown plan. */
    int rank(String plan) {
        return List.copyOf(prices.keySet()).indexOf(plan);
    }

    private static Map<String, List<String>> prices(Environment environment) {
        var plans = new LinkedHashMap<String, List<String>>();
        var seen = new HashSet<String>();
        for (var pair : environment.required("STRIPE_PLANS").split(",", -1)) {
            var parts = pair.strip().split("=", -1);
            var ids = parts.length == 2 ? List.of(parts[1].split("\\|", -1)) : List.<String>of();
            if (ids.isEmpty() || parts[0].isBlank() || parts[0].equals(Subscription.FREE)
                    || ids.stream().anyMatch(id -> id.isBlank() || !seen.add(id))
                    || plans.putIfAbsent(parts[0], ids) != null) {
                throw environment.invalid("STRIPE_PLANS",
                        "must hold plan=price pairs, separated by commas, several prices"
                                + " of a plan by |, no plan and no price twice, and none named " + Subscription.FREE);
            }
        }
        return plans;
    }

    /** The plan of priming's event. */
    static Sample sample() {
        return new Sample.Variable("STRIPE_PLANS", "primed=price_primed");
    }
}
