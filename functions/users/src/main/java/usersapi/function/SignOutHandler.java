package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.session.SessionClosing;
import usersapi.session.SessionCookies;
import usersapi.wiring.CoreModule;

/**
 * {@code POST /api/users/sign-out/}: ends the current session, and makes the browser delete its cookies, cache and storage
 * of this site. By session only. If the browser must sign out of the OpenID provider too, the answer has the address. The
 * function does not use {@code Clear-Site-Data: "cookies"}, which would clear cookies of sibling hosts too.
 */
public final class SignOutHandler extends Endpoint {

    private static final List<String> CLEARED = List.of("\"cache\", \"storage\"");

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SessionClosing sessions();

        SessionCookies cookies();
    }

    private final SessionClosing sessions;
    private final SessionCookies cookies;
    private final ProviderSignOut provider;

    /** Called by Lambda. */
    public SignOutHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public SignOutHandler(Environment environment) {
        super(environment);
        var graph = DaggerSignOutHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessions = graph.sessions();
        cookies = graph.cookies();
        provider = new ProviderSignOut(environment);
        Priming.beforeSnapshot(environment, SignOutHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        if (caller.credentialId().isEmpty()) {
            return unauthenticated(request);
        }
        sessions.close(caller.credentialId().get());
        var body = new JsonObject().put("message", "ok");
        provider.url().ifPresent(url -> body.put("url", url));
        return ApiResponse.ok(body).with(Map.of("Set-Cookie", cookies.clear(), "Clear-Site-Data", CLEARED))
                .logging(AccountEvent.SIGNED_OUT.toLog());
    }
}
