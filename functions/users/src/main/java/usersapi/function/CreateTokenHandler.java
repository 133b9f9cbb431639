package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.token.NamedToken;
import usersapi.token.NamedTokenRequest;
import usersapi.token.NamedTokens;
import usersapi.wiring.CoreModule;

/** {@code POST /api/users/tokens/}: makes a named token; only this answer shows it. By session only. */
public final class CreateTokenHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        NamedTokens tokens();
    }

    private final NamedTokens tokens;

    /** Called by Lambda. */
    public CreateTokenHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public CreateTokenHandler(Environment environment) {
        super(environment);
        var graph = DaggerCreateTokenHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        tokens = graph.tokens();
        Priming.beforeSnapshot(environment, CreateTokenHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return switch (request.json()) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var body) -> switch (NamedTokenRequest.parse(body)) {
                case NamedTokenRequest.Parsed.Invalid(var detail) -> ApiResponse.badRequest(detail);
                case NamedTokenRequest.Parsed.Valid(var asked) -> caller.credentialId()
                        .map(session -> made(request, tokens.make(caller.userId(), session, asked)))
                        .orElseGet(() -> unauthenticated(request));
            };
        };
    }

    private static ApiResponse made(ApiRequest request, NamedTokens.Made made) {
        return switch (made) {
            case NamedTokens.Made.Created(var value, var token) ->
                ApiResponse.ok(body(value, token)).logging(
                        AccountEvent.TOKEN_MADE.toLog().put("expires", token.expires().orElse(null)));
            case NamedTokens.Made.TooMany() -> ApiResponse.badRequest(
                    "tokens: %d at most; end one first".formatted(NamedTokens.MAX_TOKENS));
            case NamedTokens.Made.SessionEnded() -> unauthenticated(request);
        };
    }

    private static JsonObject body(OpaqueToken value, NamedToken token) {
        return new JsonObject().put("message", "ok").put("id", token.id()).put("label", token.label())
                .put("created", token.created().getEpochSecond()).put("expires", token.expires().orElse(null))
                .put("read_only", token.readOnly()).put("access_token", value.value());
    }
}
