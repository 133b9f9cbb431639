package usersapi.billing;

import com.stripe.param.billingportal.SessionCreateParams;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Objects;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Outcome;
import usersapi.lambda.Principal;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;
import usersapi.subscription.SubscriptionRepository;
import usersapi.wiring.CoreModule;

/**
 * {@code POST /api/users/stripe/portal/}: opens Stripe's billing portal, where a customer changes and cancels. Nothing in,
 * {@code {"message", "url"}} out; 400 for a user who never subscribed.
 *
 * @see <a href="https://docs.stripe.com/api/customer_portal/sessions/create">Create a portal session</a>
 */
public final class CreatePortalSessionHandler extends Endpoint {

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph {
        PortalPage page();

        SubscriptionRepository subscriptions();

        StripeApi stripe();
    }

    private final PortalPage page;
    private final SubscriptionRepository subscriptions;
    private final StripeApi stripe;

    /** Called by Lambda. */
    public CreatePortalSessionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public CreatePortalSessionHandler(Environment environment) {
        super(environment);
        var graph = DaggerCreatePortalSessionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        page = graph.page();
        subscriptions = graph.subscriptions();
        stripe = graph.stripe();
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return subscriptions.find(caller.userId()).map(this::open).orElseGet(() -> unauthenticated(request));
    }

    private ApiResponse open(Subscriber user) {
        return user.subscription().map(Subscription::customerId).map(this::open)
                .orElseGet(() -> ApiResponse.badRequest("customer: none before the first subscription"));
    }

    private ApiResponse open(String customerId) {
        var params = SessionCreateParams.builder().setCustomer(customerId).setReturnUrl(page.returnUrl()).build();
        return switch (stripe.ask(client -> Objects
                .requireNonNull(client.v1().billingPortal().sessions().create(params).getUrl()))) {
            case StripeApi.Reply.Done(var url) -> ApiResponse.ok(new JsonObject().put("message", "ok").put("url", url));
            case StripeApi.Reply.Failed(var failure) ->
                ApiResponse.unexpectedError().logging(Outcome.STRIPE_FAILED, failure.toLog());
        };
    }
}
