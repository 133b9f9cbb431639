package usersapi.secret;

/** A secret's text is malformed. The message says how, and does not quote it. */
public final class MalformedSecretException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** A refusal of a secret's text. */
    public MalformedSecretException(String message) {
        super(message);
    }
}
