package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.credential.Credential;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.lambda.AccessRules;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.lambda.Principal;
import usersapi.session.Session;
import usersapi.session.SessionCookieName;
import usersapi.session.SessionRepository;
import usersapi.token.AccessTokenRepository;
import usersapi.wiring.CoreModule;

/**
 * The API's REQUEST authorizer, asked for every request. It answers with Allow and a {@link Principal}, or with Deny and
 * the message that the gateway response ACCESS_DENIED renders; when the table does not answer it fails, and API Gateway
 * says 500.
 */
public final class AuthorizerHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        SessionCookieName sessionCookie();

        AccessTokenRepository tokens();

        SessionRepository sessions();
    }

    private final SessionCookieName sessionCookie;
    private final AccessTokenRepository tokens;
    private final SessionRepository sessions;

    /** Called by Lambda. */
    public AuthorizerHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public AuthorizerHandler(Environment environment) {
        super(environment);
        var graph = DaggerAuthorizerHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessionCookie = graph.sessionCookie();
        tokens = graph.tokens();
        sessions = graph.sessions();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        var request = new ApiRequest(event);
        var rule = request.rule();
        return switch (Credential.of(request.headers("Authorization"), request.headers("Cookie"),
                sessionCookie.value())) {
            case Credential.Bearer _ when !rule.takes(Principal.Kind.BEARER) -> deny(request, refusal(rule));
            case Credential.SessionCookie _ when !rule.takes(Principal.Kind.SESSION) -> deny(request, refusal(rule));
            case Credential.Bearer(var token) ->
                tokens.findOwner(token).map(userId -> new Principal(userId, Principal.Kind.BEARER, false,
                        Optional.empty()))
                        .map(principal -> allow(request, principal))
                        .orElseGet(() -> deny(request, "unknown_token"));
            case Credential.SessionCookie(var id) -> sessions.find(id).map(session -> principal(request, session))
                    .map(principal -> allow(request, principal))
                    .orElseGet(() -> deny(request, "unknown_session"));
            case Credential.None() -> deny(request, "no_credential");
        };
    }

    private static Principal principal(ApiRequest request, Session session) {
        var csrf = request.header("X-CSRFToken").flatMap(OpaqueToken::parse);
        return new Principal(session.userId(), Principal.Kind.SESSION, csrf.filter(session::isCsrfToken).isPresent(),
                Optional.of(session.id()));
    }

    private static FunctionResult allow(ApiRequest request, Principal principal) {
        return FunctionResult.ok(policy("Allow", request, principal.userId()).put("context", principal.toContext()),
                new JsonObject().put("user_id", principal.userId()).put("credential", principal.kind().name()));
    }

    /** Of a credential that the route does not take. */
    private static String refusal(AccessRules.Rule rule) {
        return rule.credentials().isEmpty() ? "unknown_route" : "session_only";
    }

    /** The log's {@code reason} is one of five words: nothing of the credential itself. */
    private static FunctionResult deny(ApiRequest request, String reason) {
        var message = request.rule().unauthenticatedMessage();
        return new FunctionResult(
                policy("Deny", request, "anonymous").put("context", new JsonObject().put("message", message)),
                Outcome.DENIED, new JsonObject().put("reason", reason));
    }

    /**
     * «Output from an API Gateway Lambda authorizer», API Gateway Developer Guide. The resource is always the whole
     * stage: a {@code *} or a {@code ?} in the requested path would be a wildcard in a policy.
     */
    private static JsonObject policy(String effect, ApiRequest request, String principalId) {
        var arn = request.methodArn();
        var stage = arn.substring(0, arn.indexOf('/', arn.indexOf('/') + 1));
        var statement = new JsonObject().put("Action", "execute-api:Invoke").put("Effect", effect).put("Resource",
                stage + "/*/*");
        return new JsonObject().put("principalId", principalId).put("policyDocument",
                new JsonObject().put("Version", "2012-10-17").put("Statement", List.of(statement)));
    }
}
