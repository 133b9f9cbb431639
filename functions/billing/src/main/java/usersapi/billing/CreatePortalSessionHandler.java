package usersapi.billing;

import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Outcome;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.wiring.CoreModule;

/**
 * {@code POST /api/users/stripe/portal/}: opens Stripe's customer portal, where a customer changes or cancels the
 * subscription. By session only. Nothing or {@code {"plan"}} in, {@code {"message", "url"}} out; with a plan it leads to the
 * confirmation of that change. 400 for a user who has no customer at Stripe yet.
 */
public final class CreatePortalSessionHandler extends Endpoint {

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph extends Primed {
        Plans plans();

        RequestLimit limit();

        Portal portal();
    }

    private final Plans plans;
    private final RequestLimit limit;
    private final Portal portal;

    /** Called by Lambda. */
    public CreatePortalSessionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public CreatePortalSessionHandler(Environment environment) {
        super(environment);
        var graph = DaggerCreatePortalSessionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        plans = graph.plans();
        limit = graph.limit();
        portal = graph.portal();
        Priming.beforeSnapshot(environment, CreatePortalSessionHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        if (!request.hasBody()) {
            return open(request, caller, Optional.empty());
        }
        return switch (request.json()) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var body) when !body.has("plan") -> open(request, caller, Optional.empty());
            case JsonObject.Parsed.Valid(var body) -> switch (PlanChoice.parse(body, plans)) {
                case PlanChoice.Parsed.Invalid(var detail) -> ApiResponse.badRequest(detail);
                case PlanChoice.Parsed.Valid(var choice) -> open(request, caller, Optional.of(choice));
            };
        };
    }

    private ApiResponse open(ApiRequest request, Principal caller, Optional<PlanChoice> choice) {
        return limit.exceeded(caller.userId()).map(ApiResponse::tooManyRequests)
                .orElseGet(() -> switch (portal.open(caller.userId(), choice)) {
                    case StripeApi.Reply.Done(var result) -> answer(request, result);
                    case StripeApi.Reply.Failed(var failure) ->
                        ApiResponse.unexpectedError().logging(Outcome.STRIPE_FAILED, failure.toLog());
                });
    }

    private static ApiResponse answer(ApiRequest request, Portal.Result result) {
        return switch (result) {
            case Portal.Result.Opened(var url) -> ApiResponse.ok(new JsonObject().put("message", "ok").put("url", url));
            case Portal.Result.Refused(var detail) -> ApiResponse.badRequest(detail);
            case Portal.Result.NotSetUp(var failure) ->
                ApiResponse.badRequest("portal: not set up yet on this site; contact its support")
                        .logging(Outcome.STRIPE_FAILED, failure.toLog());
            case Portal.Result.UserGone() -> unauthenticated(request);
        };
    }
}
