package usersapi.billing;

import java.util.Optional;
import usersapi.config.Environment;

/**
 * The terms of a checkout apart from the price.
 *
 * @param promotionCodes {@code STRIPE_PROMOTION_CODES}: whether promotion codes can be entered
 * @param automaticTax {@code STRIPE_AUTOMATIC_TAX}: whether Stripe Tax computes the tax
 * @param trialDays {@code STRIPE_TRIAL_DAYS}: the trial of a user's first subscription; empty for no trial
 */
record CheckoutTerms(boolean promotionCodes, boolean automaticTax, Optional<Long> trialDays) {

    /** Stripe's maximum (docs.stripe.com/api/checkout/sessions/create). */
    private static final int MAX_TRIAL_DAYS = 730;

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if a variable is invalid
     */
    CheckoutTerms(Environment environment) {
        this(flag(environment, "STRIPE_PROMOTION_CODES"), flag(environment, "STRIPE_AUTOMATIC_TAX"),
                trialDays(environment));
    }

    private static boolean flag(Environment environment, String name) {
        return switch (environment.required(name)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw environment.invalid(name, "must be true or false");
        };
    }

    private static Optional<Long> trialDays(Environment environment) {
        var days = environment.required("STRIPE_TRIAL_DAYS");
        if (!days.matches("[0-9]{1,3}") || Integer.parseInt(days) > MAX_TRIAL_DAYS) {
            throw environment.invalid("STRIPE_TRIAL_DAYS", "must be a number of days from 0 to " + MAX_TRIAL_DAYS);
        }
        return Optional.of(Long.valueOf(days)).filter(number -> number > 0);
    }
}
