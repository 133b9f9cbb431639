package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.credential.Credential;
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
import usersapi.user.User;
import usersapi.user.UserRepository;
import usersapi.wiring.CoreModule;

/** {@code GET /api/users/me/}: the signed-in user. */
public final class GetCurrentUserHandler extends Endpoint {

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
    public GetCurrentUserHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public GetCurrentUserHandler(Environment environment) {
        super(environment);
        var graph = DaggerGetCurrentUserHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        users = graph.users();
        sessions = graph.sessions();
        cipher = graph.cipher();
        Priming.beforeSnapshot(environment, GetCurrentUserHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        if (showsDefaultToken(caller)) {
            cipher.beginKeys();
        }
        return users.find(caller.userId()).filter(user -> isStillValid(request, caller, user))
                .map(user -> ApiResponse.ok(body(user, token(request, caller, user))))
                .orElseGet(() -> unauthenticated(request));
    }

    /**
     * Whether the session or the default token, which the authorizer has allowed, had not ended when the user was read. A thief
     * of an old one must not see the new token. A named token sees itself only.
     */
    private boolean isStillValid(ApiRequest request, Principal caller, User user) {
        return switch (caller.kind()) {
            case SESSION -> sessions.isThere(caller);
            case BEARER -> caller.credentialId().isPresent()
                    || presented(request).map(OpaqueToken::sha256).equals(user.tokenHash());
        };
    }

    /**
     * The token to show: for a request with a named token that token, because the default one has no limits; otherwise the
     * default token.
     */
    private Optional<OpaqueToken> token(ApiRequest request, Principal caller, User user) {
        if (showsDefaultToken(caller)) {
            return user.accessToken(cipher);
        }
        return presented(request).filter(token -> caller.credentialId().get().equals(token.sha256()));
    }

    private static boolean showsDefaultToken(Principal caller) {
        return caller.kind() != Principal.Kind.BEARER || caller.credentialId().isEmpty();
    }

    private static Optional<OpaqueToken> presented(ApiRequest request) {
        return Credential.of(request.headers("Authorization"), List.of(), "") instanceof Credential.Bearer(var token)
                ? Optional.of(token)
                : Optional.empty();
    }

    private static JsonObject body(User user, Optional<OpaqueToken> token) {
        return new JsonObject().put("external_id", user.id()).put("email", user.email()).put("is_authenticated", true)
                .put("access_token", token.map(OpaqueToken::value).orElse(null));
    }
}
