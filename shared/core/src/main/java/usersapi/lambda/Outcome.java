package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.util.Locale;

/**
 * The outcome of an invocation. CloudWatch counts invocations by these words. Each is a paid metric, so a further one must
 * tell an operator something that no other outcome and no metric of AWS tells.
 */
public enum Outcome {
    /** Done as asked: a 200; for the authorizer, Allow. */
    OK(LogLevel.INFO),
    /** The input is invalid, and nothing was changed: a 400 that says what to correct, a 404 for an unknown id. */
    INVALID(LogLevel.INFO),
    /** No valid credential: the authorizer's Deny, an endpoint's 401, or a refused sign-in. */
    DENIED(LogLevel.INFO),
    /**
     * A session without its CSRF token, or from a page of another origin, or a read-only token with another method than GET:
     * a 403.
     */
    FORBIDDEN(LogLevel.INFO),
    /** More requests that ask Stripe than a user may make: a 429. */
    LIMITED(LogLevel.INFO),
    /** A call of the webhook without a valid signature: a 400. Many of them mean that the signing secret is wrong. */
    UNSIGNED(LogLevel.INFO),
    /** Stripe refused, or did not answer: a 400, or from the webhook a 500, so that Stripe repeats the event. */
    STRIPE_FAILED(LogLevel.ERROR),
    /** The identity provider did not answer, refused this site, or failed a check: perhaps nobody can sign in. */
    PROVIDER_FAILED(LogLevel.ERROR),
    /** Stripe's event took effect, and the user now pays for more than one subscription. */
    PAID_TWICE(LogLevel.ERROR),
    /** Stripe's event is about a paid subscription of no known user, who gets nothing for it. */
    UNKNOWN_PAYER(LogLevel.ERROR),
    /** A user pays a price that belongs to no plan, and gets nothing for it: the configuration lacks the price. */
    UNKNOWN_PRICE(LogLevel.ERROR),
    /** The storage total lacks the change of some files; further lines name them. */
    UNSETTLED(LogLevel.ERROR),
    /** Malformed records of files were given up; further lines name them. */
    SET_ASIDE(LogLevel.ERROR),
    /** Done, but a secret could not be refreshed, and its last good value was used. Only a new instance would fail. */
    SECRET_STALE(LogLevel.ERROR),
    /** An unexpected failure: a 500, or a failed invocation. */
    FAILED(LogLevel.ERROR);

    private final LogLevel level;

    Outcome(LogLevel level) {
        this.level = level;
    }

    /** The word in the log line and in the metric's dimension. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it needs an operator. */
    boolean isError() {
        return level == LogLevel.ERROR;
    }

    /** The level of the log line. */
    LogLevel level() {
        return level;
    }
}
