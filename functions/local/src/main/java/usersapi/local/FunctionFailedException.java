package usersapi.local;

/** An invocation that Lambda reports as a function error: the handler threw, took too long or answered too much. */
final class FunctionFailedException extends Exception {

    private static final long serialVersionUID = 1;

    private final String errorType;

    /**
     * A function error.
     *
     * @param errorType Lambda's name of it, or the class of the handler's exception
     * @param message null if the handler's exception has none
     */
    FunctionFailedException(String errorType, String message) {
        super(message);
        this.errorType = errorType;
    }

    String errorType() {
        return errorType;
    }
}
