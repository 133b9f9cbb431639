package usersapi.login;

import usersapi.lambda.Outcome;

/** Ends a sign-in, with an error for the person and a reason for the operator. Neither contains a secret. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final SignInError error;
    private final Outcome outcome;

    private RefusedException(SignInError error, String reason, Outcome outcome) {
        super(reason, null, false, false);
        this.error = error;
        this.outcome = outcome;
    }

    /** The cause is the browser's request or the person; no operator needs to act. */
    static RefusedException because(SignInError error, String reason) {
        return new RefusedException(error, reason, Outcome.DENIED);
    }

    /** The cause is an answer of the provider, or its absence. */
    static RefusedException provider(SignInError error, String reason) {
        return new RefusedException(error, reason, Outcome.PROVIDER_FAILED);
    }

    /** The error for the page. */
    SignInError error() {
        return error;
    }

    /** The outcome for the log line and the metric. */
    Outcome outcome() {
        return outcome;
    }
}
