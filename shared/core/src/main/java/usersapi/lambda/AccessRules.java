package usersapi.lambda;

/** What docs/api.md says of single routes, by resource: the rest is alike for all. */
public final class AccessRules {

    private AccessRules() {}

    /** The message of the route's 401. */
    public static String unauthenticatedMessage(String resource) {
        return switch (resource) {
            case "/api/users/settings", "/api/users/stripe/checkout" -> "Unauthorized";
            default -> "Not authenticated";
        };
    }

    /** Whether the route refuses bearers: a leaked access token must not be able to read or replace itself. */
    public static boolean isSessionOnly(String resource) {
        return switch (resource) {
            case "/api/users/me/token", "/api/users/me/token/regenerate" -> true;
            default -> false;
        };
    }
}
