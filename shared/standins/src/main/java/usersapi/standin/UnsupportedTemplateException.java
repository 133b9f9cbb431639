package usersapi.standin;

/** A part of {@code template.yaml} is not supported here; the message names it. */
public final class UnsupportedTemplateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnsupportedTemplateException(String message) {
        super(message);
    }
}
