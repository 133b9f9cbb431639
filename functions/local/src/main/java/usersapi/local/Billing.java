package usersapi.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import usersapi.standin.Events;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;
import usersapi.standin.stripe.LocalStripe;
import usersapi.standin.stripe.StripeAccount;

/**
 * The billing functions' Stripe, and the actions of its customers. It is a stand-in, unless the environment has
 * {@code STRIPE_API_BASE} and {@code STRIPE_SECRET_KEY} of another one, such as Stripe's test mode, with
 * {@code STRIPE_PLANS} for its prices and {@code STRIPE_WEBHOOK_SECRET} for the events that {@code stripe listen} forwards.
 * In either case the environment may configure the checkout and the number of requests.
 */
final class Billing implements AutoCloseable {

    /** The path of requests that act as a customer at Stripe. */
    static final String PREFIX = "/local/stripe/";

    /** The plan that the demo user buys. */
    static final String PLAN = "pro";

    /** The stand-in's prices. */
    private static final Set<String> PRICES = Set.of("price_pro", "price_team");

    /** The template's parameter: a plan for each price. */
    static final String PLANS = PLAN + "=price_pro,team=price_team";

    /** The functions' variables that come from the environment of this process. */
    private static final List<String> TAKEN_OVER = List.of("STRIPE_PROMOTION_CODES", "STRIPE_AUTOMATIC_TAX",
            "STRIPE_TRIAL_DAYS", "STRIPE_REQUESTS_PER_MINUTE");

    /** The stand-in's key if other programs must know it; public, and valid only here. */
    static final String API_KEY = "sk_test_local";

    /** The secret that then signs the stand-in's events, and those of {@code events/stripe-webhook.json}. */
    static final String WEBHOOK_SECRET = "whsec_local";

    private static final JsonMapper JSON = new JsonMapper();

    private final Optional<LocalStripe> stripe;
    private final Optional<StripePages> pages;
    private final Map<String, String> environment;
    private final String webhookSecret;
    private final URI webhook;

    private Billing(Optional<LocalStripe> stripe, Map<String, String> environment, String webhookSecret, URI api) {
        this.stripe = stripe;
        this.environment = environment;
        this.webhookSecret = webhookSecret;
        this.webhook = api.resolve("/api/users/stripe/webhook/");
        pages = stripe.map(LocalStripe::account).map(account -> new StripePages(account, this::send));
    }

    /**
     * Starts the stand-in if it is needed, and puts the key into the functions' secret.
     *
     * @param aws holds the functions' secret
     * @param api this server's address, for the webhooks
     * @param options the stand-in's address, and whether its secrets are the constants of this class
     */
    static Billing start(Template template, LocalAws aws, URI api, LocalOptions options) {
        var secret = Optional.ofNullable(template.environment().get("STRIPE_SECRET"));
        if (secret.isEmpty()) {
            return new Billing(Optional.empty(), Map.of(), "", api);
        }
        var base = System.getenv("STRIPE_API_BASE");
        var key = System.getenv("STRIPE_SECRET_KEY");
        if ((base == null) != (key == null)) {
            throw new UnsupportedTemplateException(
                    "STRIPE_API_BASE and STRIPE_SECRET_KEY go together: set both or neither");
        }
        var environment = new HashMap<String, String>();
        TAKEN_OVER.forEach(
                name -> Optional.ofNullable(System.getenv(name)).ifPresent(value -> environment.put(name, value)));
        if (base != null) {
            environment.put("STRIPE_API_BASE", base);
            Optional.ofNullable(System.getenv("STRIPE_PLANS"))
                    .ifPresent(plans -> environment.put("STRIPE_PLANS", plans));
            var webhookSecret = Optional.ofNullable(System.getenv("STRIPE_WEBHOOK_SECRET")).orElse("");
            aws.putSecret(secret.get(), secret(key, webhookSecret));
            return new Billing(Optional.empty(), environment, webhookSecret, api);
        }
        var localKey = options.isFixed() ? API_KEY : "sk_test_" + UUID.randomUUID();
        var webhookSecret = options.isFixed() ? WEBHOOK_SECRET : "whsec_" + UUID.randomUUID();
        var standIn = LocalStripe.of(localKey, PRICES)
                .pages(api.resolve("/local/stripe")).address(options.stripe());
        options.data().ifPresent(directory -> standIn.file(directory.resolve("stripe.json")));
        var stripe = standIn.start();
        aws.putSecret(secret.get(), secret(localKey, webhookSecret));
        environment.put("STRIPE_API_BASE", stripe.endpoint().toString());
        return new Billing(Optional.of(stripe), environment, webhookSecret, api);
    }

    /** The functions' variables that differ here: Stripe's address and its prices. */
    Map<String, String> environment() {
        return environment;
    }

    /** Makes the stand-in have an expired checkout of this user, unless there is one of this id. */
    void addExpiredCheckout(String id, String userId) {
        stripe.orElseThrow().account().addExpiredCheckout(id, PRICES.iterator().next(),
                Map.of("external_id", userId));
    }

    private static String secret(String key, String webhookSecret) {
        return JSON.createObjectNode().put("api_key", key).put("webhook_secrets", webhookSecret).toString();
    }

    /**
     * Shows Stripe's pages. For the checkout of {@code {"session_id"}} the path {@code complete} pays it, and
     * {@code fail-payment}, {@code pay} and {@code cancel} change its subscription. It sends the signed events to this
     * server's webhook before it answers. {@code webhook-event} gives such an event for {@code sam local invoke}.
     */
    Answer answer(Call call) {
        if (stripe.isEmpty()) {
            return Answer.message(404, "Only the stand-in supports this; pay on the session's page");
        }
        var page = pages.flatMap(all -> all.answer(call));
        if (page.isPresent()) {
            return page.get();
        }
        var account = stripe.get().account();
        var sessionId = sessionId(call);
        var subscriptionId = account.subscriptionOf(sessionId);
        var living = subscriptionId.filter(id -> !account.hasEnded(id));
        return switch (call.method() + " " + call.path().substring(PREFIX.length())) {
            case "GET webhook-event" -> webhookEvent(account);
            case "POST complete" -> sent(account.complete(sessionId));
            case "POST fail-payment" -> sent(living.map(account::failPayment));
            case "POST pay" -> sent(subscriptionId.map(account::pay));
            case "POST cancel" -> sent(living.map(id -> List.of(account.cancel(id))));
            default -> Answer.message(404, "Not Found");
        };
    }

    /**
     * The event of {@code events/} for the webhook's function, about the newest customer with a subscription, and signed
     * now.
     */
    private Answer webhookEvent(StripeAccount account) {
        return account.customers().stream().map(customer -> customer.path("id").asText())
                .flatMap(customerId -> account.newestSubscription(customerId).stream()).findFirst()
                .map(subscription -> subscription.path("id").asText()).map(account::updated).map(this::webhookEvent)
                .orElseGet(() -> Answer.message(404, "No subscription yet: complete a checkout"));
    }

    private Answer webhookEvent(StripeAccount.Event said) {
        try {
            var event = (ObjectNode) JSON.readTree(Events.read("stripe-webhook"));
            var signature = said.signature(webhookSecret, Instant.now());
            event.withObject("/headers").put("Stripe-Signature", signature);
            event.withObject("/multiValueHeaders").putArray("Stripe-Signature").add(signature);
            return Answer.json(200, event.put("body", said.json()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("events/stripe-webhook.json is not JSON", e);
        }
    }

    private Answer sent(Optional<List<StripeAccount.Event>> events) {
        return events.map(this::send).orElseGet(
                () -> Answer.message(400,
                        "session_id: must be an open checkout, or for the other actions a paid one, whose subscription has not ended"));
    }

    private static String sessionId(Call call) {
        try {
            return JSON.readTree(call.body()).path("session_id").asText();
        } catch (IOException notJson) {
            return "";
        }
    }

    private Answer send(List<StripeAccount.Event> events) {
        var sent = JSON.createObjectNode().put("message", "ok");
        var list = sent.putArray("events");
        try (var client = HttpClient.newHttpClient()) {
            for (var event : events) {
                var request = HttpRequest.newBuilder(webhook).header("Content-Type", "application/json; charset=utf-8")
                        .header("Stripe-Signature", event.signature(webhookSecret, Instant.now()))
                        .POST(BodyPublishers.ofString(event.json())).build();
                list.addObject().put("id", event.id()).put("type", event.type()).put("answer",
                        client.send(request, BodyHandlers.discarding()).statusCode());
            }
            return Answer.json(200, sent);
        } catch (IOException e) {
            return Answer.message(502, "The webhook did not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.message(502, "The server is stopping");
        }
    }

    /** Whether Stripe is the stand-in. */
    boolean isStandIn() {
        return stripe.isPresent();
    }

    /** The address of Stripe's API for the functions; empty if the template does not use Stripe. */
    Optional<URI> endpoint() {
        return stripe.map(LocalStripe::endpoint)
                .or(() -> Optional.ofNullable(System.getenv("STRIPE_API_BASE")).map(URI::create));
    }

    @Override
    public void close() {
        stripe.ifPresent(LocalStripe::close);
    }
}
