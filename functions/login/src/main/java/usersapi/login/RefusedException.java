package usersapi.login;

import usersapi.lambda.Outcome;

/** Ends a sign-in. It tells what the person and what the operator learn of it, and nothing that a log may not show. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final SignInError error;
    private final Outcome outcome;

    private RefusedException(SignInError error, String reason, Outcome outcome) {
        super(reason, null, false, false);
        this.error = error;
        this.outcome = outcome;
    }

    /** Something in the browser's request, or the person's doing: no operator has to look at it. */
    static RefusedException because(SignInError error, String reason) {
        return new RefusedException(error, reason, Outcome.DENIED);
    }

    /** Something in an answer that came from the provider itself, or its absence. */
    static RefusedException provider(SignInError error, String reason) {
        return new RefusedException(error, reason, Outcome.PROVIDER_FAILED);
    }

    /** What the page is told. */
    SignInError error() {
        return error;
    }

    /** What the log line and the metric call it. */
    Outcome outcome() {
        return outcome;
    }
}
