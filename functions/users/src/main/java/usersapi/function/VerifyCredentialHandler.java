package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import usersapi.authentication.Authentication;
import usersapi.authentication.Authenticator;
import usersapi.config.Environment;
import usersapi.credential.Credential;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.session.SessionCookieName;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;
import usersapi.subscription.SubscriptionRepository;
import usersapi.wiring.CoreModule;

/**
 * Invoked by the product's other services, to learn whose credential a request has: {@code {"authorization", "cookie",
 * "csrf_token", "method"}} in, each a string or absent, {@code {"active", "external_id", "kind", "read_only",
 * "csrf_verified", "expires", "plan", "plan_status"}} out, in the spirit of RFC 7662. It uses the code of the
 * {@link AuthorizerHandler}, and a check counts as a use of the credential. For an invalid credential the answer is {@code
 * {"active": false}} alone.
 */
public final class VerifyCredentialHandler extends JsonFunction {

    private static final List<String> MEMBERS = List.of("authorization", "cookie", "csrf_token", "method");

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SessionCookieName sessionCookie();

        Authenticator authenticator();

        SubscriptionRepository subscriptions();
    }

    private final SessionCookieName sessionCookie;
    private final Authenticator authenticator;
    private final SubscriptionRepository subscriptions;

    /** Called by Lambda. */
    public VerifyCredentialHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public VerifyCredentialHandler(Environment environment) {
        super(environment);
        var graph = DaggerVerifyCredentialHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        sessionCookie = graph.sessionCookie();
        authenticator = graph.authenticator();
        subscriptions = graph.subscriptions();
        Priming.beforeSnapshot(environment, VerifyCredentialHandler::new, graph);
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        if (MEMBERS.stream().anyMatch(name -> event.get(name) != null && event.string(name).isEmpty())
                || event.members().keySet().stream().anyMatch(VerifyCredentialHandler::isInOtherCase)) {
            return inactive("malformed");
        }
        var credential = Credential.of(event.string("authorization").stream().toList(),
                event.string("cookie").stream().toList(), sessionCookie.value());
        return switch (authenticator.check(credential, event.string("csrf_token"))) {
            case Authentication.Invalid(var reason) -> inactive(reason);
            case Authentication.Valid valid -> subscriptions.find(valid.userId()).map(user -> active(valid, user))
                    .orElseGet(() -> inactive("no_user"));
        };
    }

    /** Whether a member has the name of a header instead of that of the member: its credential must not be overlooked. */
    private static boolean isInOtherCase(String name) {
        return !MEMBERS.contains(name) && MEMBERS.stream().anyMatch(name::equalsIgnoreCase);
    }

    @Override
    protected FunctionResult refuse(String reason) {
        return inactive("malformed");
    }

    private static FunctionResult inactive(String reason) {
        return new FunctionResult(new JsonObject().put("active", false), Outcome.DENIED,
                new JsonObject().put("reason", reason));
    }

    private static FunctionResult active(Authentication.Valid valid, Subscriber user) {
        var log = new JsonObject().put("user_id", valid.userId()).put("credential", valid.kind().name());
        valid.unrecorded().ifPresent(cause -> FunctionLog.failure(cause).members().forEach(log::put));
        Optional<Subscription> subscription = user.subscription();
        return FunctionResult.ok(new JsonObject().put("active", true).put("external_id", valid.userId())
                .put("kind", valid.kind().word()).put("read_only", valid.readOnly())
                .put("csrf_verified", valid.csrfVerified()).put("expires", valid.expires().orElse(null))
                .put("plan", subscription.map(Subscription::plan).orElse(Subscription.FREE))
                .put("plan_status", subscription.map(Subscription::status).orElse(null)), log);
    }
}
