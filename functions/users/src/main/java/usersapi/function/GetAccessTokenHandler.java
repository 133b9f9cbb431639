package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.session.SessionCheck;
import usersapi.token.TokenCipher;
import usersapi.user.UserRepository;
import usersapi.wiring.CoreModule;

/** {@code GET /api/users/me/token/}: the access token, for the settings page. By session only. */
public final class GetAccessTokenHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        UserRepository users();

        SessionCheck sessions();

        TokenCipher cipher();
    }

    private final UserRepository users;
    private final SessionCheck sessions;
    private final TokenCipher cipher;

    /** Called by Lambda. */
    public GetAccessTokenHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public GetAccessTokenHandler(Environment environment) {
        super(environment);
        var graph = DaggerGetAccessTokenHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        users = graph.users();
        sessions = graph.sessions();
        cipher = graph.cipher();
        Priming.beforeSnapshot(environment, GetAccessTokenHandler::new, graph);
    }

    /** The session is read after the token, because a session that has ended must not see a token that was made since. */
    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        cipher.beginKeys();
        return users.find(caller.userId())
                .filter(user -> sessions.isThere(caller))
                .map(user -> ApiResponse.ok(new JsonObject().put("access_token",
                        user.accessToken(cipher).map(OpaqueToken::value).orElse(null))))
                .orElseGet(() -> unauthenticated(request));
    }
}
