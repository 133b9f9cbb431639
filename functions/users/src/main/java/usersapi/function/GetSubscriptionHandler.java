package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.subscription.Subscription;
import usersapi.subscription.SubscriptionRepository;
import usersapi.wiring.CoreModule;

/**
 * {@code GET /api/users/stripe/subscription/}: {@code {"plan", "status", "current_period_end", "cancel_at_period_end",
 * "cancel_at", "trial_end", "payment_failed"}}, times in epoch seconds; plan {@code free} and nulls for a user who never
 * subscribed.
 */
public final class GetSubscriptionHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        SubscriptionRepository subscriptions();
    }

    private final SubscriptionRepository subscriptions;

    /** Called by Lambda. */
    public GetSubscriptionHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public GetSubscriptionHandler(Environment environment) {
        super(environment);
        var graph = DaggerGetSubscriptionHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        subscriptions = graph.subscriptions();
        Priming.beforeSnapshot(environment, GetSubscriptionHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        return subscriptions.find(caller.userId()).map(user -> ApiResponse.ok(body(user.subscription())))
                .orElseGet(() -> unauthenticated(request));
    }

    private static JsonObject body(Optional<Subscription> subscription) {
        return new JsonObject().put("plan", subscription.map(Subscription::plan).orElse(Subscription.FREE))
                .put("status", subscription.map(Subscription::status).orElse(null))
                .put("current_period_end",
                        subscription.flatMap(Subscription::currentPeriodEnd).map(Instant::getEpochSecond).orElse(null))
                .put("cancel_at_period_end", subscription.map(Subscription::cancelAtPeriodEnd).orElse(null))
                .put("cancel_at",
                        subscription.flatMap(Subscription::cancelAt).map(Instant::getEpochSecond).orElse(null))
                .put("trial_end",
                        subscription.flatMap(Subscription::trialEnd).map(Instant::getEpochSecond).orElse(null))
                .put("payment_failed", subscription.map(Subscription::paymentFailed).orElse(null));
    }
}
