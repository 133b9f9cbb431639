package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.util.Locale;

/**
 * How an invocation came out. CloudWatch counts invocations by these words, each of which is a metric that is paid for: a
 * further one has to tell an operator something that no other and no metric of AWS's own does.
 */
public enum Outcome {
    /** Done as asked: a 200; for the authorizer, Allow. */
    OK(LogLevel.INFO),
    /** The input is invalid, and nothing was changed: a 400 that says what to correct, a 404 for an unknown id. */
    INVALID(LogLevel.INFO),
    /** No credential that is valid: the authorizer's Deny, an endpoint's 401, or a sign-in that came to nothing. */
    DENIED(LogLevel.INFO),
    /** A session without its CSRF token, or from a page of another origin; a read-only token that would change something: a 403. */
    FORBIDDEN(LogLevel.INFO),
    /** More requests of a user than are let through to Stripe: a 429. */
    LIMITED(LogLevel.INFO),
    /** A webhook's call that its sender has not signed: a 400. Many of them: the signing secret is wrong. */
    UNSIGNED(LogLevel.INFO),
    /** Stripe refused, or did not answer: a 400, and to the webhook a 500, so that the event comes again. */
    STRIPE_FAILED(LogLevel.ERROR),
    /** The identity provider did not answer, refused us, or failed a check: nobody can sign in, perhaps. */
    PROVIDER_FAILED(LogLevel.ERROR),
    /** Stripe's event took effect, and the user now pays for more than one subscription: to be told before they ask. */
    PAID_TWICE(LogLevel.ERROR),
    /** Stripe's event is about a subscription that is paid, and nobody is known who it is for: billed for nothing. */
    UNKNOWN_PAYER(LogLevel.ERROR),
    /** A user pays a price that is no plan's, and so for nothing: a plan's price is missing in the configuration. */
    UNKNOWN_PRICE(LogLevel.ERROR),
    /** Files whose change the storage total does not have yet; further lines name them. */
    UNSETTLED(LogLevel.ERROR),
    /** Malformed records of files that were given up; further lines name them. */
    SET_ASIDE(LogLevel.ERROR),
    /** Done, but a secret could not be refreshed, and the last good value of it was used. Nothing fails before a restart. */
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

    /** Whether an operator has to look at it. */
    boolean isError() {
        return level == LogLevel.ERROR;
    }

    /** The level of the log line. */
    LogLevel level() {
        return level;
    }
}
