package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Principal;
import usersapi.token.AccessTokenRepository;
import usersapi.token.TokenCipher;
import usersapi.wiring.CoreModule;

/** {@code POST /api/users/me/token/regenerate/}: a new access token; the old one ends at once. By session only. */
public final class RegenerateAccessTokenHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        AccessTokenRepository tokens();

        TokenCipher cipher();
    }

    private final AccessTokenRepository tokens;
    private final TokenCipher cipher;

    /** Called by Lambda. */
    public RegenerateAccessTokenHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public RegenerateAccessTokenHandler(Environment environment) {
        super(environment);
        var graph = DaggerRegenerateAccessTokenHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        tokens = graph.tokens();
        cipher = graph.cipher();
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return tokens.regenerate(caller.userId(), cipher)
                .map(token -> ApiResponse.ok(new JsonObject().put("access_token", token.value())))
                .orElseGet(() -> unauthenticated(request));
    }
}
