package usersapi.lambda;

import usersapi.config.Environment;

/**
 * A function behind routes to which a browser navigates, on its way from one page to another. The authorizer does not guard
 * them, because the caller has no credential yet. So {@link #lead} must check everything that it trusts.
 */
public abstract non-sealed class Navigation extends HttpFunction {

    /** Creates such a function, configured by this environment. */
    protected Navigation(Environment environment) {
        super(environment);
    }

    /** Says where the browser goes next. */
    protected abstract ApiResponse lead(ApiRequest request);

    @Override
    final ApiResponse respond(ApiRequest request) {
        return lead(request);
    }
}
