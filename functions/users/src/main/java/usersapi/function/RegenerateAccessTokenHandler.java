package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Principal;
import usersapi.token.AccessTokenRepository;
import usersapi.wiring.Config;
import usersapi.wiring.CoreModule;

/** {@code POST /api/users/me/token/regenerate/}: a new access token; the old one ends at once. By session only. */
public final class RegenerateAccessTokenHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        Config config();

        AccessTokenRepository tokens();
    }

    private final AccessTokenRepository tokens;

    /** Called by Lambda. */
    public RegenerateAccessTokenHandler() {
        var graph = DaggerRegenerateAccessTokenHandler_Graph.create();
        super(graph.config());
        tokens = graph.tokens();
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return tokens.regenerate(caller.userId())
                .map(token -> ApiResponse.ok(new JsonObject().put("access_token", token.value())))
                .orElseGet(() -> unauthenticated(request));
    }
}
