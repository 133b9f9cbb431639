package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.token.NamedToken;
import usersapi.token.NamedTokens;
import usersapi.wiring.CoreModule;

/** {@code GET /api/users/tokens/}: the named tokens of the user, the newest first. By session only. */
public final class ListTokensHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        NamedTokens tokens();
    }

    private final NamedTokens tokens;

    /** Called by Lambda. */
    public ListTokensHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public ListTokensHandler(Environment environment) {
        super(environment);
        var graph = DaggerListTokensHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        tokens = graph.tokens();
        Priming.beforeSnapshot(environment, ListTokensHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return ApiResponse.ok(new JsonObject().put("tokens",
                tokens.list(caller.userId()).stream().map(ListTokensHandler::body).toList()));
    }

    private static JsonObject body(NamedToken token) {
        return new JsonObject().put("id", token.id()).put("label", token.label())
                .put("created", token.created().getEpochSecond()).put("last_used", token.lastUsed().orElse(null))
                .put("expires", token.expires().orElse(null)).put("read_only", token.readOnly());
    }
}
