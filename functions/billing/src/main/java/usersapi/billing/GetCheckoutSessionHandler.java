package usersapi.billing;

import dagger.Component;
import jakarta.inject.Singleton;
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
 * {@code GET /api/users/stripe/checkout/{session_id}/}: the state of a checkout, as Stripe says now; {@code {"status",
 * "paid", "plan"}} out. 404 for a checkout that is not the user's. By session only, because it is for the page to which
 * Stripe leads back, before the event has arrived.
 *
 * @see <a href="https://docs.stripe.com/payments/checkout/custom-success-page">Customize redirect behavior</a>
 */
public final class GetCheckoutSessionHandler extends Endpoint {

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph extends Primed {
        RequestLimit limit();

        StripeApi stripe();

        CheckoutStatuses statuses();
    }

    private final RequestLimit limit;
    private final StripeApi stripe;
    private final CheckoutStatuses statuses;

    /** Called by Lambda. */
    public GetCheckoutSessionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public GetCheckoutSessionHandler(Environment environment) {
        super(environment);
        var graph = DaggerGetCheckoutSessionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        limit = graph.limit();
        stripe = graph.stripe();
        statuses = graph.statuses();
        Priming.beforeSnapshot(environment, GetCheckoutSessionHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return request.pathParameter("session_id").filter(CheckoutStatuses::isSessionId)
                .map(id -> limit.exceeded(caller.userId()).map(ApiResponse::tooManyRequests)
                        .orElseGet(() -> answer(id, caller.userId())))
                .orElseGet(ApiResponse::notFound);
    }

    private ApiResponse answer(String sessionId, String userId) {
        return switch (stripe.ask(client -> statuses.find(client, sessionId, userId))) {
            case StripeApi.Reply.Done(var status) -> status.map(GetCheckoutSessionHandler::ok)
                    .orElseGet(ApiResponse::notFound);
            case StripeApi.Reply.Failed(var failure) ->
                ApiResponse.unexpectedError().logging(Outcome.STRIPE_FAILED, failure.toLog());
        };
    }

    private static ApiResponse ok(CheckoutStatuses.CheckoutStatus status) {
        return ApiResponse.ok(new JsonObject().put("status", status.status()).put("paid", status.paid()).put("plan",
                status.plan().orElse(null)));
    }
}
