package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Principal;
import usersapi.token.TokenCipher;
import usersapi.user.User;
import usersapi.user.UserRepository;
import usersapi.wiring.CoreModule;

/** {@code GET /api/users/me/}: who is signed in. */
public final class GetCurrentUserHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        UserRepository users();

        TokenCipher cipher();
    }

    private final UserRepository users;
    private final TokenCipher cipher;

    /** Called by Lambda. */
    public GetCurrentUserHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public GetCurrentUserHandler(Environment environment) {
        super(environment);
        var graph = DaggerGetCurrentUserHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        users = graph.users();
        cipher = graph.cipher();
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return users.find(caller.userId()).map(user -> ApiResponse.ok(body(user)))
                .orElseGet(() -> unauthenticated(request));
    }

    private JsonObject body(User user) {
        return new JsonObject().put("external_id", user.id()).put("email", user.email()).put("is_authenticated", true)
                .put("access_token", user.accessToken(cipher).map(OpaqueToken::value).orElse(null));
    }
}
