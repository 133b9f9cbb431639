package usersapi.smoke;

/**
 * Walks a deployed API once and says whether it answers as specified. It makes nothing itself: the stack's own functions give it
 * a user and a session, as far as its operator may invoke them, and take the user away again.
 */
public final class SmokeTest {

    private SmokeTest() {}

    /** Ends with status 0 if all was as it should be, else with 1; the system properties are {@link SmokeOptions}. */
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

    /** Walks the API and prints a line about each step. */
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
