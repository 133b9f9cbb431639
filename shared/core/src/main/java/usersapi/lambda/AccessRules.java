package usersapi.lambda;

import static java.util.Map.entry;
import static usersapi.lambda.Principal.Kind.BEARER;
import static usersapi.lambda.Principal.Kind.SESSION;

import java.util.Map;
import java.util.Set;

/**
 * The rules of docs/api.md for each route: the credentials that it accepts, and the message of its 401. Each route of
 * template.yaml has a row, by method and resource; a route without a row refuses everybody.
 */
public final class AccessRules {

    private static final String NOT_AUTHENTICATED = "Not authenticated";
    private static final String UNAUTHORIZED = "Unauthorized";

    private static final Set<Principal.Kind> ANY = Set.of(SESSION, BEARER);
    /**
     * For routes about credentials, and for those between the browser and Stripe's pages: a leaked access token must not be
     * able to read, make or end credentials, or to cancel the user's subscription.
     */
    private static final Set<Principal.Kind> SESSION_ONLY = Set.of(SESSION);
    /** For a route that the authorizer does not guard: its function requires another proof, or none. */
    private static final Set<Principal.Kind> NONE = Set.of();

    private static final Map<String, Rule> ROUTES = Map.ofEntries( //
            entry("GET /api/auth/sign-in", new Rule(NONE, NOT_AUTHENTICATED)),
            entry("GET /api/auth/callback", new Rule(NONE, NOT_AUTHENTICATED)),
            entry("GET /api/auth/sign-out", new Rule(NONE, NOT_AUTHENTICATED)),
            entry("GET /api/users/me", new Rule(ANY, NOT_AUTHENTICATED)),
            entry("GET /api/users/me/token", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("POST /api/users/me/token/regenerate", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("GET /api/users/sessions", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("DELETE /api/users/sessions", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("DELETE /api/users/sessions/{id}", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("POST /api/users/sign-out", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("GET /api/users/tokens", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("POST /api/users/tokens", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("DELETE /api/users/tokens/{id}", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("GET /api/users/settings", new Rule(ANY, UNAUTHORIZED)),
            entry("PATCH /api/users/settings", new Rule(ANY, UNAUTHORIZED)),
            entry("GET /api/users/storage", new Rule(ANY, NOT_AUTHENTICATED)),
            entry("GET /api/users/stripe/subscription", new Rule(ANY, NOT_AUTHENTICATED)),
            entry("POST /api/users/stripe/checkout", new Rule(ANY, UNAUTHORIZED)),
            entry("GET /api/users/stripe/checkout/{session_id}", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("POST /api/users/stripe/portal", new Rule(SESSION_ONLY, NOT_AUTHENTICATED)),
            entry("POST /api/users/stripe/webhook", new Rule(NONE, NOT_AUTHENTICATED)));

    private static final Rule REFUSED = new Rule(NONE, NOT_AUTHENTICATED);

    private AccessRules() {}

    /**
     * The rule of a route.
     *
     * @param credentials the kinds of credential that the route accepts
     * @param unauthenticatedMessage the message of its 401
     */
    public record Rule(Set<Principal.Kind> credentials, String unauthenticatedMessage) {

        /** Whether the route accepts this kind of credential. */
        public boolean takes(Principal.Kind kind) {
            return credentials.contains(kind);
        }
    }

    /** The rule of a route; a route without a row accepts no credential. */
    public static Rule of(String method, String resource) {
        return ROUTES.getOrDefault(method + " " + resource, REFUSED);
    }

    /** The route's name for logs; {@code unknown} for a route without a row, which an invoker can make up. */
    static String nameOf(String method, String resource) {
        var route = method + " " + resource;
        return ROUTES.containsKey(route) ? route : "unknown";
    }

    /** The routes that have a rule, each as its method and its resource with a space between them. */
    public static Set<String> routes() {
        return ROUTES.keySet();
    }
}
