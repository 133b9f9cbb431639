package usersapi.smoke;

/**
 * Calls the routes of a deployed API once and says whether it answers as specified. The stack's functions create its user
 * and session, and delete the user again, if the operator may invoke them.
 */
public final class SmokeTest {

    private SmokeTest() {}

    /** Ends with status 0 if all checks passed, otherwise with 1. The system properties are {@link SmokeOptions}. */
    public static void main(String[] args) {
        System.exit(passes(SmokeOptions.of(System.getProperties())) ? 0 : 1);
    }

    private static boolean passes(SmokeOptions options) {
        if (!options.mistakes().isEmpty()) {
            options.mistakes().forEach(System.err::println);
            return false;
        }
        return run(options);
    }

    /** Runs all steps and prints a line for each. */
    static boolean run(SmokeOptions options) {
        var users = new TestUsers(new LambdaCli(options.lambdaEndpoint()), options);
        try (var api = new Api(options.api())) {
            var walk = new Walk(api, users, options.issuer().map(Provider::new), System.out::println);
            boolean walked = succeeds(walk::walk);
            return succeeds(walk::cleanUp) && walked;
        }
    }

    private static boolean succeeds(Runnable part) {
        try {
            part.run();
            return true;
        } catch (SmokeFailure e) {
            System.out.println("FAILED  " + e.getMessage());
            return false;
        }
    }
}
