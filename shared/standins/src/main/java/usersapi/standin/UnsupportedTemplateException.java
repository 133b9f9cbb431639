package usersapi.standin;

/** Says which part of {@code template.yaml} has no counterpart here, by its name in the template. */
public final class UnsupportedTemplateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnsupportedTemplateException(String message) {
        super(message);
    }
}
