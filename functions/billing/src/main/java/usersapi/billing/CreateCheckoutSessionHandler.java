package usersapi.billing;

import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.json.Quoted;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Outcome;
import usersapi.lambda.Principal;
import usersapi.subscription.Subscriber;
import usersapi.subscription.SubscriptionRepository;
import usersapi.wiring.CoreModule;

/**
 * {@code POST /api/users/stripe/checkout/}: opens Stripe's checkout of a plan. {@code {"plan"}} in, {@code {"message",
 * "session_id", "url"}} out; Stripe's library no longer redirects by the id, so the frontend goes to the {@code url}.
 */
public final class CreateCheckoutSessionHandler extends Endpoint {

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph {
        Plans plans();

        SubscriptionRepository subscriptions();

        CheckoutWindow window();

        Checkout checkout();
    }

    private final Plans plans;
    private final SubscriptionRepository subscriptions;
    private final CheckoutWindow window;
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
        window = graph.window();
        checkout = graph.checkout();
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return switch (request.json()) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var body) -> switch (PlanChoice.parse(body, plans.prices())) {
                case PlanChoice.Parsed.Invalid(var detail) -> ApiResponse.badRequest(detail);
                case PlanChoice.Parsed.Valid(var choice) -> subscriptions.find(caller.userId())
                        .flatMap(user -> open(user, choice)).orElseGet(() -> unauthenticated(request));
            };
        };
    }

    /** Empty if the user is gone meanwhile. */
    private Optional<ApiResponse> open(Subscriber user, PlanChoice choice) {
        if (user.subscription().filter(subscription -> subscription.plan().equals(choice.plan())).isPresent()) {
            return Optional.of(ApiResponse.badRequest("plan: already subscribed to " + Quoted.of(choice.plan())));
        }
        return window.opened(user.userId(), choice.plan()).map(opened -> opened(checkout.open(user, choice, opened)));
    }

    private static ApiResponse opened(StripeApi.Reply<Checkout.Session> reply) {
        return switch (reply) {
            case StripeApi.Reply.Done(var session) -> ApiResponse.ok(new JsonObject().put("message", "ok")
                    .put("session_id", session.id()).put("url", session.url()));
            case StripeApi.Reply.Failed(var failure) ->
                ApiResponse.unexpectedError().logging(Outcome.STRIPE_FAILED, failure.toLog());
        };
    }
}
