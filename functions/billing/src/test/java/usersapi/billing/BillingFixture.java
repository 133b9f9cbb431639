package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.secret.CachedSecret;
import usersapi.standin.Events;
import usersapi.standin.stripe.LocalStripe;
import usersapi.standin.stripe.StripeAccount;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;
import usersapi.wiring.CoreModule;

/** Tables, a Stripe and its secret for a test class, in the functions' environment. */
final class BillingFixture implements BeforeAllCallback, AfterAllCallback {

    static final String KEY = "rk_test_TheKeyThatNoLogMayShow";
    static final String WEBHOOK_SECRET = "whsec_TheSecretThatNoLogMayShow";

    private final LocalTables tables = new LocalTables();
    private final List<String> logLines = new CopyOnWriteArrayList<>();
    private final Clock stripesClock;
    private LocalStripe stripe;

    BillingFixture() {
        this(Clock.systemUTC());
    }

    /** A fixture whose Stripe uses this clock. */
    BillingFixture(Clock stripesClock) {
        this.stripesClock = stripesClock;
    }

    /** An answer of an endpoint. */
    record Response(int status, JsonObject body, JsonObject log) {}

    @Override
    public void beforeAll(ExtensionContext extension) {
        tables.beforeAll(extension);
        stripe = LocalStripe.of(KEY, Set.of("price_pro", "price_team")).clock(stripesClock).start();
        secret(KEY, WEBHOOK_SECRET);
    }

    @Override
    public void afterAll(ExtensionContext extension) {
        stripe.close();
        tables.afterAll(extension);
    }

    /** The value of a variable in the functions' environment. */
    String variable(String name) {
        return name.equals("STRIPE_API_BASE") ? stripe.endpoint().toString() : tables.variable(name);
    }

    /** The functions' environment, with another value of a variable. */
    Environment with(String variable, String value) {
        return with(Map.of(variable, value));
    }

    /** The functions' environment, with other values of variables. */
    Environment with(Map<String, String> changes) {
        return name -> changes.containsKey(name) ? changes.get(name) : variable(name);
    }

    LocalTables tables() {
        return tables;
    }

    LocalStripe stripe() {
        return stripe;
    }

    StripeAccount account() {
        return stripe.account();
    }

    List<String> logLines() {
        return logLines;
    }

    /** Rotates the keys as an operator does. */
    void secret(String apiKey, String webhookSecrets) {
        tables.putSecret(variable("STRIPE_SECRET"),
                new JsonObject().put("api_key", apiKey).put("webhook_secrets", webhookSecrets).toJson());
    }

    CachedSecret<StripeSecret> cachedSecret(Clock clock) {
        return new CachedSecret<>(
                () -> CoreModule.secretsManager(UrlConnectionHttpClient.create(), this::variable),
                variable("STRIPE_SECRET"), StripeSecret::parse, clock);
    }

    /** A new user, as ProvisionUser makes one. */
    String user() {
        var userId = UUID.randomUUID().toString().replace("-", "");
        put(userId, Map.of("email", AttributeValue.fromS(userId + "@example.com"), "settings",
                AttributeValue.fromM(Map.of("tz", AttributeValue.fromS("UTC")))));
        return userId;
    }

    void put(String userId, Map<String, AttributeValue> attributes) {
        tables.put("Users", attributes, "user#" + userId);
    }

    void delete(String userId) {
        tables.delete("Users", "user#" + userId);
    }

    Map<String, AttributeValue> profile(String userId) {
        return tables.item("Users", "user#" + userId).orElseThrow();
    }

    /** The event of that file, sent by this user's session. */
    static JsonObject event(String name, String userId) {
        var event = object(Events.read(name));
        event.object("requestContext").object("authorizer").put("principalId", userId);
        return event;
    }

    /** Invokes a function as Lambda does. */
    Response invoke(RequestStreamHandler function, JsonObject event) {
        var context = new RecordingContext("Probe");
        var response = object(context.invoke(function, event.toJson()));
        assertThat(context.lines()).hasSize(1);
        logLines.addAll(context.lines());
        return new Response(((Long) response.get("statusCode")).intValue(),
                object(response.string("body").orElseThrow()), object(context.lines().getFirst()));
    }

    /** Has Stripe send an event now, signed. */
    Response send(RequestStreamHandler webhook, StripeAccount.Event event) {
        return invoke(webhook, webhookEvent(event.json(), event.signature(WEBHOOK_SECRET, Instant.now())));
    }

    static JsonObject webhookEvent(String body, String signature) {
        var event = object(Events.read("stripe-webhook"));
        event.object("multiValueHeaders").put("Stripe-Signature", List.of(signature));
        return event.put("body", body);
    }

    /** Asks for a checkout of this plan. */
    Response checkout(String userId, String plan) {
        return invoke(new CreateCheckoutSessionHandler(this::variable),
                event("create-checkout-session", userId).put("body",
                        new JsonObject().put("plan", plan).toJson()));
    }

    /** The payable checkouts of the user. */
    List<String> payable(String userId) {
        var customers = account().customers().stream().map(customer -> customer.path("id").asText()).toList();
        return account().checkoutSessions().stream()
                .filter(session -> session.path("client_reference_id").asText().equals(userId)
                        && session.path("status").asText().equals("open")
                        && customers.contains(session.path("customer").asText()))
                .map(session -> session.path("id").asText()).toList();
    }

    /** Opens and pays a checkout of this plan; returns its events in Stripe's order. */
    List<StripeAccount.Event> subscribe(String userId, String plan) {
        return account().complete(checkout(userId, plan).body().string("session_id").orElseThrow()).orElseThrow();
    }

    /** Makes a subscription of the user's customer in the dashboard; returns its events in Stripe's order. */
    List<StripeAccount.Event> subscribeInDashboard(String userId, String price) {
        var created = account().subscribe(customerId(userId), List.of(price), Map.of("external_id", userId));
        return List.of(created, account().pay(subscriptionId(List.of(created))).getFirst());
    }

    /** The user's customer at Stripe. */
    String customerId(String userId) {
        return profile(userId).get("stripe_customer_id").s();
    }

    /** The subscription of the events. */
    static String subscriptionId(List<StripeAccount.Event> events) {
        return events.stream().map(event -> object(event.json()).object("data").object("object"))
                .filter(object -> object.string("object").orElse("").equals("subscription")).findFirst().orElseThrow()
                .string("id").orElseThrow();
    }

    static JsonObject object(String json) {
        return ((JsonObject.Parsed.Valid) JsonObject.parse(json)).object();
    }
}
