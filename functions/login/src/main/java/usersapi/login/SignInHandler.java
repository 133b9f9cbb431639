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
 * receives the browser that comes back, and {@code GET /api/auth/sign-out/} leads to the provider's sign-out. One function
 * serves all three, because they share the provider's cached data, and the callback finds an instance that already runs.
 */
public final class SignInHandler extends Navigation {

    private static final String CALLBACK = "/api/auth/callback";
    private static final String SIGN_OUT = "/api/auth/sign-out";

    @Singleton
    @Component(modules = LoginModule.class)
    interface Graph {
        SignInStart start();

        SignInCallback callback();

        ProviderSignOut signOut();

        SignInCookies cookies();
    }

    private final SignInStart start;
    private final SignInCallback callback;
    private final ProviderSignOut signOut;
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
        signOut = graph.signOut();
        cookies = graph.cookies();
    }

    @Override
    protected ApiResponse lead(ApiRequest request) {
        try {
            return switch (request.resource()) {
                case CALLBACK -> callback.finish(request);
                case SIGN_OUT -> signOut.lead();
                default -> start.begin(request);
            };
        } catch (RefusedException e) {
            return refused(request, e.error()).logging(e.outcome(),
                    new JsonObject().put("error", e.error().code()).put("reason", e.getMessage()));
        } catch (RuntimeException e) {
            // A person cannot use a page of JSON, so the site's page shows the error, and the log has the reason.
            return refused(request, SignInError.FAILED).logging(Outcome.FAILED, FunctionLog.failure(e));
        }
    }

    /** Leads back to the page with the error, and clears the sign-in's cookie. */
    private ApiResponse refused(ApiRequest request, SignInError error) {
        return switch (request.resource()) {
            case CALLBACK -> ApiResponse.seeOther(page(error),
                    SignInCallback.state(request).map(cookies::clear).stream().toList());
            // The person needs to know this for any reason.
            case SIGN_OUT -> ApiResponse.seeOther(page(SignInError.SIGN_OUT_INCOMPLETE), List.of());
            default -> ApiResponse.seeOther(page(error), List.of());
        };
    }

    private static String page(SignInError error) {
        return "/?error=" + error.code();
    }
}
