package usersapi.local;

/** An invocation that Lambda reports as a function error: the handler threw, or took longer than it may. */
final class FunctionFailedException extends Exception {

    private static final long serialVersionUID = 1;

    FunctionFailedException(String message) {
        super(message);
    }
}
