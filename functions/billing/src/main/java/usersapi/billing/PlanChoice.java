package usersapi.billing;

import usersapi.json.JsonObject;
import usersapi.json.Quoted;

/**
 * The plan that a request subscribes to (docs/api.md, «Create Stripe checkout session»).
 *
 * @param plan its name in the configuration
 * @param price Stripe's id of the price at which it is sold
 */
record PlanChoice(String plan, String price) {

    /** The outcomes of reading a request body. */
    sealed interface Parsed {

        /** A configured plan. */
        record Valid(PlanChoice choice) implements Parsed {}

        /** No plan, or an unknown one; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    /** Reads the body of {@code POST /api/users/stripe/checkout/}. */
    static Parsed parse(JsonObject body, Plans plans) {
        if (!body.has("plan")) {
            return new Parsed.Invalid("plan: required");
        }
        return switch (body.get("plan")) {
            case String plan -> plans.soldAt(plan).<Parsed>map(price -> new Parsed.Valid(new PlanChoice(plan, price)))
                    .orElseGet(() -> new Parsed.Invalid("plan: unknown plan " + Quoted.of(plan)));
            case null, default -> new Parsed.Invalid("plan: must be a string");
        };
    }
}
