package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.List;
import usersapi.authentication.Authentication;
import usersapi.authentication.Authenticator;
import usersapi.config.Environment;
import usersapi.credential.Credential;
import usersapi.json.JsonObject;
import usersapi.lambda.AccessRules;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.session.SessionCookieName;
import usersapi.wiring.CoreModule;

/**
 * The API's REQUEST authorizer, called for every request. It answers with Allow and a {@link Principal}, or with Deny and
 * the message that the gateway response ACCESS_DENIED renders. If the table does not answer, it fails, and API Gateway
 * answers 500. It reads one item, and once an hour for each credential writes the time of its last use.
 */
public final class AuthorizerHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SessionCookieName sessionCookie();

        Authenticator authenticator();
    }

    private final SessionCookieName sessionCookie;
    private final Authenticator authenticator;

    /** Called by Lambda. */
    public AuthorizerHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public AuthorizerHandler(Environment environment) {
        super(environment);
        var graph = DaggerAuthorizerHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessionCookie = graph.sessionCookie();
        authenticator = graph.authenticator();
        Priming.beforeSnapshot(environment, AuthorizerHandler::new, graph);
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        var request = new ApiRequest(event);
        if (endOfStage(request.methodArn()) < 0) {
            // API Gateway always sends it, and would take this answer for a failure of the authorizer.
            return FunctionResult.invalid("methodArn: must be the ARN of a method of the API");
        }
        var rule = request.rule();
        var credential = Credential.of(request.headers("Authorization"), request.headers("Cookie"),
                sessionCookie.value());
        return switch (credential) {
            case Credential.Bearer _ when !rule.takes(Principal.Kind.BEARER) -> deny(request, refusal(rule));
            case Credential.SessionCookie _ when !rule.takes(Principal.Kind.SESSION) -> deny(request, refusal(rule));
            default -> switch (authenticator.check(credential, request.header("X-CSRFToken"))) {
                case Authentication.Invalid(var reason) -> deny(request, reason);
                case Authentication.Valid valid -> allow(request, valid);
            };
        };
    }

    private static FunctionResult allow(ApiRequest request, Authentication.Valid valid) {
        var kind = valid.kind() == Authentication.Kind.SESSION ? Principal.Kind.SESSION : Principal.Kind.BEARER;
        var principal = new Principal(valid.userId(), kind, valid.csrfVerified(), valid.readOnly(),
                valid.credentialId());
        var log = new JsonObject().put("user_id", principal.userId()).put("credential", kind.name());
        valid.unrecorded().ifPresent(cause -> FunctionLog.failure(cause).members().forEach(log::put));
        return FunctionResult.ok(policy("Allow", request, principal.userId()).put("context", principal.toContext()),
                log);
    }

    /** The log's reason for a credential that the route does not accept. */
    private static String refusal(AccessRules.Rule rule) {
        return rule.credentials().isEmpty() ? "unknown_route" : "session_only";
    }

    /** The log's {@code reason} is one of five words and contains nothing of the credential. */
    private static FunctionResult deny(ApiRequest request, String reason) {
        var message = request.rule().unauthenticatedMessage();
        return new FunctionResult(
                policy("Deny", request, "anonymous").put("context", new JsonObject().put("message", message)),
                Outcome.DENIED, new JsonObject().put("reason", reason));
    }

    /**
     * «Output from an API Gateway Lambda authorizer», API Gateway Developer Guide. The resource is always the whole stage,
     * because {@code *} or {@code ?} in the requested path would be a wildcard in the policy.
     */
    private static JsonObject policy(String effect, ApiRequest request, String principalId) {
        var arn = request.methodArn();
        var stage = arn.substring(0, endOfStage(arn));
        var statement = new JsonObject().put("Action", "execute-api:Invoke").put("Effect", effect).put("Resource",
                stage + "/*/*");
        return new JsonObject().put("principalId", principalId).put("policyDocument",
                new JsonObject().put("Version", "2012-10-17").put("Statement", List.of(statement)));
    }

    /** The index of the second slash, behind the stage; negative if there is none. */
    private static int endOfStage(String arn) {
        return arn.indexOf('/', arn.indexOf('/') + 1);
    }
}
