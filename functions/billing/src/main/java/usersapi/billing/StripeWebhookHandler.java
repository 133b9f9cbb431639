package usersapi.billing;

import dagger.Component;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Outcome;
import usersapi.lambda.Webhook;
import usersapi.secret.CachedSecret;
import usersapi.wiring.CoreModule;

/**
 * {@code POST /api/users/stripe/webhook/}: takes Stripe's events, signed by one of the endpoint's secrets. 200 for what is
 * dealt with or nothing to us, 400 without a valid signature, 500 for what must come again: Stripe sends it anew for three
 * days.
 *
 * @see <a href="https://docs.stripe.com/webhooks">Receive Stripe events in your webhook endpoint</a>
 */
public final class StripeWebhookHandler extends Webhook {

    /** Anybody can send a signature that no secret has made: Secrets Manager is not to be asked about each. */
    private static final Duration REFRESHED_AFTER = Duration.ofSeconds(10);

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph {
        CachedSecret<StripeSecret> secret();

        Reconciliation reconciliation();

        Clock clock();
    }

    private final CachedSecret<StripeSecret> secret;
    private final Reconciliation reconciliation;
    private final Clock clock;

    /** Called by Lambda. */
    public StripeWebhookHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public StripeWebhookHandler(Environment environment) {
        this(environment,
                DaggerStripeWebhookHandler_Graph.builder().coreModule(new CoreModule(environment)).build());
    }

    StripeWebhookHandler(Environment environment, Graph graph) {
        super(environment);
        secret = graph.secret();
        reconciliation = graph.reconciliation();
        clock = graph.clock();
    }

    @Override
    protected Optional<ApiResponse> refuse(ApiRequest request, byte[] body) {
        var signature = request.header("Stripe-Signature").flatMap(StripeSignature::parse);
        if (signature.isEmpty()) {
            return unproved("Stripe-Signature: missing or malformed");
        }
        if (!signature.get().isFresh(clock.instant())) {
            return unproved("Stripe-Signature: not of the last five minutes");
        }
        if (signature.get().isOf(body, secret.get().webhookSecrets())) {
            return Optional.empty();
        }
        // The endpoint's secret may have been rolled since it was fetched.
        var secrets = secret.get(REFRESHED_AFTER).webhookSecrets();
        if (signature.get().isOf(body, secrets)) {
            return Optional.empty();
        }
        return secrets.isEmpty()
                ? Optional.of(ApiResponse.internalServerError().logging(new JsonObject().put("reason",
                        "the secret that STRIPE_SECRET names holds no \"webhook_secrets\": put the endpoint's there")))
                : unproved("Stripe-Signature: not of this body");
    }

    private static Optional<ApiResponse> unproved(String reason) {
        return Optional.of(ApiResponse.badRequest(reason)
                .logging(Outcome.UNSIGNED, new JsonObject().put("reason", reason)));
    }

    @Override
    protected ApiResponse receive(JsonObject body) {
        return StripeEvent.of(body).map(event -> {
            var effect = reconciliation.apply(event);
            var log = new JsonObject().put("event_id", event.id()).put("event_type", event.type())
                    .put("subscription_id", event.subscriptionId().orElse(null));
            return switch (effect) {
                case Reconciliation.Effect.Applied(var userId, var subscription, var paid) -> received(
                        paid > 1 ? Outcome.PAID_TWICE : Outcome.OK,
                        log.put("effect", "applied").put("paid_subscriptions", paid).put("user_id", userId)
                                .put("counting_subscription_id", subscription.id())
                                .put("subscription_status", subscription.status()).put("plan", subscription.plan()));
                case Reconciliation.Effect.Ignored(var reason) ->
                    received(Outcome.OK, log.put("effect", "ignored").put("reason", reason));
                case Reconciliation.Effect.Unanswered(var failure) -> {
                    failure.toLog().members().forEach(log::put);
                    yield ApiResponse.internalServerError().logging(Outcome.STRIPE_FAILED, log);
                }
            };
        }).orElseGet(() -> ApiResponse.badRequest("body: not an event of Stripe's"));
    }

    private static ApiResponse received(Outcome outcome, JsonObject log) {
        return ApiResponse.ok(new JsonObject().put("message", "ok")).logging(outcome, log);
    }
}
