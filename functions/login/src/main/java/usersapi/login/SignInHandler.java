package usersapi.login;

import dagger.Component;
import jakarta.inject.Singleton;
import java.util.List;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.Navigation;
import usersapi.lambda.Outcome;
import usersapi.wiring.CoreModule;

/**
 * Signs people in by OpenID Connect: {@code GET /api/auth/sign-in/} leads to the provider, {@code GET /api/auth/callback/}
 * takes who comes back. One function for both, because they share what is known of the provider, and who begins a sign-in
 * comes back to an instance that runs.
 */
public final class SignInHandler extends Navigation {

    private static final String CALLBACK = "/api/auth/callback";

    @Singleton
    @Component(modules = LoginModule.class)
    interface Graph {
        SignInStart start();

        SignInCallback callback();

        SignInCookies cookies();
    }

    private final SignInStart start;
    private final SignInCallback callback;
    private final SignInCookies cookies;

    /** Called by Lambda. */
    public SignInHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public SignInHandler(Environment environment) {
        this(environment, DaggerSignInHandler_Graph.builder().coreModule(new CoreModule(environment)).build());
    }

    SignInHandler(Environment environment, Graph graph) {
        super(environment);
        start = graph.start();
        callback = graph.callback();
        cookies = graph.cookies();
    }

    @Override
    protected ApiResponse lead(ApiRequest request) {
        boolean isCallback = request.resource().equals(CALLBACK);
        try {
            return isCallback ? callback.finish(request) : start.begin(request);
        } catch (RefusedException e) {
            return refused(request, isCallback, e.error()).logging(e.outcome(),
                    new JsonObject().put("error", e.error().code()).put("reason", e.getMessage()));
        } catch (RuntimeException e) {
            // A person who comes to a page of JSON is lost: the page says what happened, and the log why.
            return refused(request, isCallback, SignInError.FAILED).logging(Outcome.FAILED, FunctionLog.failure(e));
        }
    }

    /** Back to the page, with what it is told; the cookie of the sign-in is of no use any more. */
    private ApiResponse refused(ApiRequest request, boolean isCallback, SignInError error) {
        var cleared = isCallback
                ? SignInCallback.state(request).map(cookies::clear).stream().toList()
                : List.<String>of();
        return ApiResponse.seeOther("/?error=" + error.code(), cleared);
    }
}
