package usersapi.billing;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.json.Quoted;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Outcome;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.subscription.Subscriber;
import usersapi.wiring.CoreModule;

/**
 * {@code POST /api/users/stripe/checkout/}: opens Stripe's checkout of a plan. {@code {"plan"}} in, {@code {"message",
 * "session_id", "url"}} out; Stripe's JavaScript no longer redirects by the id, so the frontend navigates to the
 * {@code url}. 400 while the user has a subscription, whose plan changes in the billing portal.
 *
 * @see <a href="https://docs.stripe.com/payments/checkout/limit-subscriptions">Limit customers to one subscription</a>
 */
public final class CreateCheckoutSessionHandler extends Endpoint {

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph extends Primed {
        Plans plans();

        UserSubscriptions subscriptions();

        RequestLimit limit();

        Checkout checkout();
    }

    private final Plans plans;
    private final UserSubscriptions subscriptions;
    private final RequestLimit limit;
    private final Checkout checkout;

    /** Called by Lambda. */
    public CreateCheckoutSessionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public CreateCheckoutSessionHandler(Environment environment) {
        super(environment);
        var graph = DaggerCreateCheckoutSessionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        plans = graph.plans();
        subscriptions = graph.subscriptions();
        limit = graph.limit();
        checkout = graph.checkout();
        Priming.beforeSnapshot(environment, CreateCheckoutSessionHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return switch (request.json()) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var body) -> switch (PlanChoice.parse(body, plans)) {
                case PlanChoice.Parsed.Invalid(var detail) -> ApiResponse.badRequest(detail);
                case PlanChoice.Parsed.Valid(var choice) -> limit.exceeded(caller.userId())
                        .map(ApiResponse::tooManyRequests).orElseGet(() -> open(request, caller, choice));
            };
        };
    }

    private ApiResponse open(ApiRequest request, Principal caller, PlanChoice choice) {
        return switch (checkout.open(caller.userId(), choice)) {
            case StripeApi.Reply.Done(var result) -> answer(request, choice, result);
            case StripeApi.Reply.Failed(var failure) ->
                ApiResponse.unexpectedError().logging(Outcome.STRIPE_FAILED, failure.toLog());
        };
    }

    private ApiResponse answer(ApiRequest request, PlanChoice choice, Checkout.Result result) {
        return switch (result) {
            case Checkout.Result.Opened(var session) -> ApiResponse.ok(new JsonObject().put("message", "ok")
                    .put("session_id", session.id()).put("url", session.url()));
            case Checkout.Result.Subscribed(var user, var subscription) ->
                ApiResponse.badRequest(subscribed(choice, user, subscription));
            case Checkout.Result.Busy() -> ApiResponse.badRequest("plan: other checkouts are being opened; try again");
            case Checkout.Result.UserGone() -> unauthenticated(request);
        };
    }

    private String subscribed(PlanChoice choice, Subscriber user, StripeSubscription subscription) {
        if (subscriptions.planBy(user, subscription).equals(choice.plan())) {
            return "plan: already subscribed to " + Quoted.of(choice.plan());
        }
        var plan = plans.highestOf(subscription.prices()).map(of -> " to " + Quoted.of(of)).orElse("");
        return "plan: already subscribed%s (%s); change it in the billing portal".formatted(plan,
                subscription.status());
    }
}
