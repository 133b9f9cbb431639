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
 * {@code POST /api/users/stripe/webhook/}: receives Stripe's events, signed by one of the endpoint's secrets. 200 for
 * handled and for ignored events, 400 without a valid signature, 500 for events that Stripe must repeat, which it does for
 * three days.
 *
 * @see <a href="https://docs.stripe.com/webhooks">Receive Stripe events in your webhook endpoint</a>
 */
public final class StripeWebhookHandler extends Webhook {

    /** Anybody can send wrong signatures, and not each may cause a request to Secrets Manager. */
    private static final Duration REFRESHED_AFTER = Duration.ofSeconds(10);

    private static final String NOT_OF_THIS_BODY = "Stripe-Signature: not of this body";

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
                ? Optional.of(ApiResponse.badRequest(NOT_OF_THIS_BODY).logging(Outcome.STRIPE_FAILED,
                        new JsonObject().put("reason",
                                "the secret that STRIPE_SECRET names holds no \"webhook_secrets\":"
                                        + " put the endpoint's there")))
                : unproved(NOT_OF_THIS_BODY);
    }

    private static Optional<ApiResponse> unproved(String reason) {
        return Optional.of(ApiResponse.badRequest(reason)
                .logging(Outcome.UNSIGNED, new JsonObject().put("reason", reason)));
    }

    @Override
    protected ApiResponse receive(JsonObject body) {
        return StripeEvent.of(body).map(event -> {
            var log = new JsonObject().put("event_id", event.id()).put("event_type", event.type())
                    .put("subscription_id", event.subscriptionId().orElse(null));
            // An endpoint of a platform also gets events of the other mode and of connected accounts, which are not about
            // this API's users.
            if (StripeEvent.isOfConnectedAccount(body)) {
                return ignored("an event of a connected account", log);
            }
            if (StripeEvent.isLive(body).flatMap(live -> secret.get().isLive().filter(ours -> !ours.equals(live)))
                    .isPresent()) {
                return ignored("an event of the other mode", log);
            }
            return answer(reconciliation.apply(event), log);
        }).orElseGet(() -> ApiResponse.badRequest("body: not an event of Stripe's"));
    }

    private static ApiResponse answer(Reconciliation.Effect effect, JsonObject log) {
        return switch (effect) {
            case Reconciliation.Effect.Applied applied -> {
                applied.addTo(log);
                yield received(applied.outcome(), log);
            }
            case Reconciliation.Effect.UnknownPayer() ->
                received(Outcome.UNKNOWN_PAYER, log.put("effect", "unknown_payer"));
            case Reconciliation.Effect.Ignored(var reason) -> ignored(reason, log);
            case Reconciliation.Effect.Unanswered(var failure) -> {
                failure.toLog().members().forEach(log::put);
                yield ApiResponse.internalServerError().logging(Outcome.STRIPE_FAILED, log);
            }
        };
    }

    private static ApiResponse ignored(String reason, JsonObject log) {
        return received(Outcome.OK, log.put("effect", "ignored").put("reason", reason));
    }

    private static ApiResponse received(Outcome outcome, JsonObject log) {
        return ApiResponse.ok(new JsonObject().put("message", "ok")).logging(outcome, log);
    }
}
