package usersapi.lambda;

import usersapi.config.Environment;

/**
 * A function behind a route of the API that the authorizer guards. A request reaches {@link #answer} only if the authorizer
 * has allowed it, its credential may make it, and no page of another site can have caused it. No endpoint can forget these
 * checks.
 */
public abstract non-sealed class Endpoint extends HttpFunction {

    /** Creates an endpoint, configured by this environment. */
    protected Endpoint(Environment environment) {
        super(environment);
    }

    /** Answers the request of this caller; an exception becomes a 500. */
    protected abstract ApiResponse answer(ApiRequest request, Principal caller);

    @Override
    final ApiResponse respond(ApiRequest request) {
        var caller = request.principal().orElse(null);
        if (caller == null || !request.rule().takes(caller.kind())) {
            return unauthenticated(request);
        }
        if (request.method().equals("GET")) {
            return answer(request, caller);
        }
        if (caller.readOnly()) {
            return ApiResponse.forbidden("Authorization: this access token may only read");
        }
        if (caller.kind() == Principal.Kind.SESSION) {
            if (!caller.csrfVerified()) {
                return ApiResponse.csrfFailed("X-CSRFToken: missing, or not the token of this session");
            }
            if (!origins().all().containsAll(request.headers("Origin"))) {
                return ApiResponse.csrfFailed("Origin: not an origin that may use sessions");
            }
        }
        return answer(request, caller);
    }

    /** The route's 401, for a request without a valid credential or of a deleted user. */
    protected static ApiResponse unauthenticated(ApiRequest request) {
        return ApiResponse.unauthenticated(request.rule().unauthenticatedMessage());
    }
}
