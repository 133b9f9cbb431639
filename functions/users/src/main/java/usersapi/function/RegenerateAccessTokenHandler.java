package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.token.AccessTokenReplacement;
import usersapi.wiring.CoreModule;

/**
 * {@code POST /api/users/me/token/regenerate/}: replaces the default access token; the old one ends at once. By session
 * only.
 */
public final class RegenerateAccessTokenHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        AccessTokenReplacement tokens();
    }

    private final AccessTokenReplacement tokens;

    /** Called by Lambda. */
    public RegenerateAccessTokenHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public RegenerateAccessTokenHandler(Environment environment) {
        super(environment);
        var graph = DaggerRegenerateAccessTokenHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        tokens = graph.tokens();
        Priming.beforeSnapshot(environment, RegenerateAccessTokenHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return caller.credentialId().flatMap(session -> tokens.regenerate(caller.userId(), session))
                .map(token -> ApiResponse.ok(new JsonObject().put("access_token", token.value()))
                        .logging(AccountEvent.TOKEN_REPLACED.toLog()))
                .orElseGet(() -> unauthenticated(request));
    }
}
