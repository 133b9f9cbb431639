package usersapi.lambda;

import usersapi.config.Environment;

/**
 * A function behind routes that a browser goes to, on its way from one page to another. The authorizer does not guard them:
 * whoever comes here has no credential yet. So {@link #lead} trusts nothing of a request that it has not proved itself.
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
