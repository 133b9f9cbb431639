package usersapi.token;

/** A token at rest was tampered with, is another user's, or its key was removed. Its user needs a new token. */
public final class UndecryptableTokenException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    UndecryptableTokenException(String message) {
        super(message);
    }

    UndecryptableTokenException(Throwable cause) {
        super("an access token at rest does not decrypt", cause);
    }
}
