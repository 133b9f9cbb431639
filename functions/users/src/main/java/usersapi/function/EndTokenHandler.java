package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.token.NamedTokens;
import usersapi.wiring.CoreModule;

/** {@code DELETE /api/users/tokens/{id}/}: ends a named token of the user. By session only. */
public final class EndTokenHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        NamedTokens tokens();
    }

    private final NamedTokens tokens;

    /** Called by Lambda. */
    public EndTokenHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public EndTokenHandler(Environment environment) {
        super(environment);
        var graph = DaggerEndTokenHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        tokens = graph.tokens();
        Priming.beforeSnapshot(environment, EndTokenHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return request.pathParameter("id").filter(id -> tokens.end(caller.userId(), id))
                .map(id -> ApiResponse.done().logging(AccountEvent.TOKEN_ENDED.toLog()))
                .orElseGet(ApiResponse::notFound);
    }
}
