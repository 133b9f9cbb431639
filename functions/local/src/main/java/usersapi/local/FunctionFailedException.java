package usersapi.local;

/** An invocation that Lambda reports as a function error: the handler threw, took too long or answered too much. */
final class FunctionFailedException extends Exception {

    private static final long serialVersionUID = 1;

    private final String errorType;

    /**
     * A function error.
     *
     * @param errorType what Lambda calls it, or the class of what the handler threw
     * @param message null where the handler threw something without a message
     */
    FunctionFailedException(String errorType, String message) {
        super(message);
        this.errorType = errorType;
    }

    String errorType() {
        return errorType;
    }
}
