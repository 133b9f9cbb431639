package usersapi.smoke;

/** A check failed. The message contains no credential. */
final class SmokeFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    SmokeFailure(String message) {
        super(message);
    }

    SmokeFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
