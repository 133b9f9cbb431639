package usersapi.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An account at Stripe: its checkout sessions, customers and subscriptions, all in memory, and the events that Stripe would
 * send about them. Of each object it has the members that this API can read.
 *
 * @see <a href="https://docs.stripe.com/api">Stripe API reference</a>
 */
public final class StripeAccount {

    /** The first version in which periods are the items', and an invoice names its subscription by its parent. */
    private static final String BASIL = "2025-03-31.basil";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PERIOD = Duration.ofDays(30);
    private static final Pattern CHECKOUT_PARAMETER = Pattern.compile("mode|success_url|cancel_url|client_reference_id"
            + "|customer|customer_email|line_items\\[\\d+]\\[(price|quantity)]|(subscription_data\\[)?metadata]?\\[[^]]+]");
    private static final Pattern PORTAL_PARAMETER = Pattern.compile("customer|return_url");

    private final Set<String> prices;
    private final Map<String, ObjectNode> sessions = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> metadata = new LinkedHashMap<>();
    private final Map<String, ObjectNode> portalSessions = new LinkedHashMap<>();
    private final Map<String, ObjectNode> customers = new LinkedHashMap<>();
    private final Map<String, ObjectNode> subscriptions = new LinkedHashMap<>();
    private String eventVersion = "2026-07-29.dahlia";
    private long created = Clock.systemUTC().instant().getEpochSecond();

    /**
     * An event.
     *
     * @param json the body that Stripe posts, signed
     */
    public record Event(String id, String type, String json) {

        /** The value of {@code Stripe-Signature} for it. */
        public String signature(String secret, Instant now) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                var signed = now.getEpochSecond() + "." + json;
                return "t=%d,v1=%s".formatted(now.getEpochSecond(),
                        HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What Stripe does not let pass; a request with it gets 400, or 404 where an object is asked for by its path. */
    static final class Refusal extends Exception {

        private static final long serialVersionUID = 1;
        private final int status;
        private final String type;
        private final String code;
        private final String parameter;

        Refusal(int status, String code, String parameter, String message) {
            this(status, "invalid_request_error", code, parameter, message);
        }

        Refusal(int status, String type, String code, String parameter, String message) {
            super(message);
            this.status = status;
            this.type = type;
            this.code = code;
            this.parameter = parameter;
        }

        int status() {
            return status;
        }

        ObjectNode body() {
            var error = JSON.createObjectNode().put("type", type).put("message", getMessage());
            if (code != null) {
                error.put("code", code);
            }
            if (parameter != null) {
                error.put("param", parameter);
            }
            return JSON.createObjectNode().set("error", error);
        }
    }

    StripeAccount(Set<String> prices) {
        this.prices = Set.copyOf(prices);
    }

    /** Has the webhook endpoint another version of the API from now on, in whose shape events are sent. */
    public synchronized void eventVersion(String version) {
        eventVersion = version;
    }

    /** Does what the user does on the checkout page: pays. Empty if there is no such session that is open. */
    public synchronized Optional<List<Event>> complete(String sessionId) {
        var session = sessions.get(sessionId);
        if (session == null || !session.path("status").asText().equals("open")) {
            return Optional.empty();
        }
        if (session.path("customer").isNull()) {
            var customer = object("cus", "customer").put("email", session.path("customer_email").asText());
            customers.put(customer.path("id").asText(), customer);
            session.set("customer", customer.get("id"));
        }
        var subscription = subscribe(session.path("customer").asText(), session.path("price").asText(),
                metadata.get(sessionId));
        session.put("status", "complete").put("payment_status", "paid").putNull("url").set("subscription",
                subscription.get("id"));
        return Optional.of(List.of(event("checkout.session.completed", session),
                event("customer.subscription.created", inVersion(subscription)),
                event("invoice.paid", invoice(subscription, "paid"))));
    }

    /** The subscription that came of a checkout; empty while it is not paid. */
    public synchronized Optional<String> subscriptionOf(String sessionId) {
        return Optional.ofNullable(sessions.get(sessionId)).map(session -> session.path("subscription").textValue());
    }

    /** The checkout of this id, as it stands. */
    public synchronized Optional<ObjectNode> checkoutSession(String id) {
        return Optional.ofNullable(sessions.get(id)).map(ObjectNode::deepCopy);
    }

    /** The billing portal's session of this id. */
    public synchronized Optional<ObjectNode> portalSession(String id) {
        return Optional.ofNullable(portalSessions.get(id)).map(ObjectNode::deepCopy);
    }

    /** The customer's newest subscription, as it stands. */
    public synchronized Optional<ObjectNode> newestSubscription(String customerId) {
        return subscriptions.values().stream()
                .filter(subscription -> subscription.path("customer").asText().equals(customerId))
                .reduce((older, newer) -> newer).map(ObjectNode::deepCopy);
    }

    /** Makes a subscription as somebody does in the dashboard; its id is in the event. */
    public synchronized Event subscribe(String price, Map<String, String> subscriptionMetadata) {
        var customer = object("cus", "customer");
        customers.put(customer.path("id").asText(), customer);
        return event("customer.subscription.created",
                inVersion(subscribe(customer.path("id").asText(), price, subscriptionMetadata)));
    }

    /** The next renewal does not go through. */
    public synchronized List<Event> failPayment(String subscriptionId) {
        var subscription = subscriptions.get(subscriptionId).put("status", "past_due");
        return List.of(event("invoice.payment_failed", invoice(subscription, "open")), updated(subscription));
    }

    /** The payment that is due goes through, or the next renewal does. */
    public synchronized List<Event> pay(String subscriptionId) {
        var subscription = subscriptions.get(subscriptionId).put("status", "active");
        return List.of(event("invoice.paid", invoice(subscription, "paid")), updated(subscription));
    }

    /** Sets a subscription's status, as {@code unpaid}. */
    public synchronized Event status(String subscriptionId, String status) {
        return updated(subscriptions.get(subscriptionId).put("status", status));
    }

    /** Moves a subscription to another price, as the billing portal does. */
    public synchronized Event change(String subscriptionId, String price) {
        var subscription = subscriptions.get(subscriptionId);
        item(subscription).set("price", JSON.createObjectNode().put("id", price).put("object", "price"));
        return updated(subscription);
    }

    /** Schedules the end, as the billing portal does for a subscription that is billed classically. */
    public synchronized Event cancelAtPeriodEnd(String subscriptionId) {
        var subscription = subscriptions.get(subscriptionId).put("cancel_at_period_end", true);
        return updated(subscription.set("cancel_at", item(subscription).get("current_period_end")));
    }

    /** Schedules the end at a time, as the billing portal does for a subscription that is billed flexibly. */
    public synchronized Event cancelAt(String subscriptionId, Instant end) {
        return updated(subscriptions.get(subscriptionId).put("cancel_at", end.getEpochSecond()));
    }

    /** Ends a subscription now. */
    public synchronized Event cancel(String subscriptionId) {
        return event("customer.subscription.deleted",
                inVersion(subscriptions.get(subscriptionId).put("status", "canceled")));
    }

    /** Forgets a subscription, as deleting test data does. */
    public synchronized void forget(String subscriptionId) {
        subscriptions.remove(subscriptionId);
    }

    /** Deletes a customer; its subscriptions end. */
    public synchronized List<Event> deleteCustomer(String customerId) {
        customers.remove(customerId);
        return new ArrayList<>(subscriptions.values()).stream()
                .filter(subscription -> subscription.path("customer").asText().equals(customerId))
                .map(subscription -> cancel(subscription.path("id").asText())).toList();
    }

    /** An event of a type that says nothing about subscriptions. */
    public synchronized Event other(String type) {
        return event(type, object("obj", "thing"));
    }

    /** When the subscription's current period ends. */
    public synchronized Instant periodEnd(String subscriptionId) {
        return Instant.ofEpochSecond(item(subscriptions.get(subscriptionId)).path("current_period_end").asLong());
    }

    /** {@code POST /v1/checkout/sessions}. */
    synchronized ObjectNode createSession(Map<String, String> given, URI pages) throws Refusal {
        var parameters = new TreeMap<>(given);
        refuseUnknown(parameters, CHECKOUT_PARAMETER);
        if (!required(parameters, "mode").equals("subscription")) {
            throw new Refusal(400, null, "mode", "Only subscription works here");
        }
        if (parameters.containsKey("customer") && parameters.containsKey("customer_email")) {
            throw new Refusal(400, null, "customer",
                    "You may only specify one of these parameters: customer, customer_email.");
        }
        var customer = parameters.get("customer");
        if (customer != null && !customers.containsKey(customer)) {
            throw new Refusal(400, "resource_missing", "customer", "No such customer: '%s'".formatted(customer));
        }
        var email = parameters.get("customer_email");
        if (email != null && !email.matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+")) {
            throw new Refusal(400, "email_invalid", "customer_email", "Invalid email address: " + email);
        }
        if (parameters.keySet().stream().noneMatch(name -> name.startsWith("line_items"))) {
            throw new Refusal(400, "parameter_missing", "line_items", "Missing required param: line_items.");
        }
        var price = required(parameters, "line_items[0][price]");
        if (!prices.contains(price)) {
            throw new Refusal(400, "resource_missing", "line_items[0][price]", "No such price: '%s'".formatted(price));
        }
        if (!required(parameters, "line_items[0][quantity]").matches("[1-9][0-9]*")) {
            throw new Refusal(400, "parameter_invalid_integer", "line_items[0][quantity]", "Invalid integer");
        }
        var reference = parameters.getOrDefault("client_reference_id", "-");
        if (!reference.matches("[A-Za-z0-9_-]{1,200}")) {
            throw new Refusal(400, null, "client_reference_id", "Invalid client_reference_id");
        }
        var session = object("cs_test", "checkout.session").put("mode", "subscription").put("status", "open")
                .put("payment_status", "unpaid").put("success_url", url(parameters, "success_url"))
                .put("cancel_url", url(parameters, "cancel_url"))
                .put("client_reference_id", parameters.get("client_reference_id")).put("customer", customer)
                .put("customer_email", email).putNull("subscription").put("price", price);
        var id = session.path("id").asText();
        session.put("url", pages + "/c/pay/" + id);
        sessions.put(id, session);
        metadata.put(id, metadata(parameters));
        return session;
    }

    /** {@code GET /v1/checkout/sessions/:id}. */
    synchronized ObjectNode session(String id) throws Refusal {
        return found(sessions, id, "checkout.session");
    }

    /** {@code GET /v1/subscriptions/:id}. */
    synchronized ObjectNode subscription(String id) throws Refusal {
        return found(subscriptions, id, "subscription");
    }

    /** {@code POST /v1/billing_portal/sessions}. */
    synchronized ObjectNode createPortalSession(Map<String, String> parameters, URI pages) throws Refusal {
        refuseUnknown(parameters, PORTAL_PARAMETER);
        var customer = required(parameters, "customer");
        if (!customers.containsKey(customer)) {
            throw new Refusal(400, "resource_missing", "customer", "No such customer: '%s'".formatted(customer));
        }
        var session = object("bps", "billing_portal.session").put("customer", customer).put("return_url",
                url(parameters, "return_url"));
        var id = session.path("id").asText();
        portalSessions.put(id, session.put("url", pages + "/p/session/" + id));
        return session;
    }

    private ObjectNode subscribe(String customer, String price, Map<String, String> subscriptionMetadata) {
        var subscription = object("sub", "subscription").put("customer", customer).put("status", "active")
                .put("cancel_at_period_end", false).putNull("cancel_at");
        var tags = subscription.putObject("metadata");
        subscriptionMetadata.forEach(tags::put);
        var item = object("si", "subscription_item").put("current_period_end", created + PERIOD.toSeconds());
        item.set("price", JSON.createObjectNode().put("id", price).put("object", "price"));
        subscription.putObject("items").put("object", "list").put("has_more", false).putArray("data").add(item);
        subscriptions.put(subscription.path("id").asText(), subscription);
        return subscription;
    }

    private static ObjectNode item(ObjectNode subscription) {
        return (ObjectNode) subscription.path("items").path("data").get(0);
    }

    private Event updated(ObjectNode subscription) {
        return event("customer.subscription.updated", inVersion(subscription));
    }

    private boolean beforeBasil() {
        return eventVersion.compareTo(BASIL) < 0;
    }

    private ObjectNode inVersion(ObjectNode subscription) {
        var copy = subscription.deepCopy();
        if (beforeBasil()) {
            copy.set("current_period_end", item(copy).remove("current_period_end"));
        }
        return copy;
    }

    private ObjectNode invoice(ObjectNode subscription, String status) {
        var invoice = object("in", "invoice").put("status", status);
        invoice.set("customer", subscription.get("customer"));
        var details = beforeBasil()
                ? invoice.putObject("subscription_details")
                : invoice.putObject("parent").put("type", "subscription_details").putObject("subscription_details");
        details.set("metadata", subscription.get("metadata").deepCopy());
        (beforeBasil() ? invoice : details).set("subscription", subscription.get("id"));
        return invoice;
    }

    private Event event(String type, ObjectNode object) {
        var event = object("evt", "event").put("type", type).put("api_version", eventVersion).put("livemode", false)
                .put("pending_webhooks", 1);
        event.putObject("data").set("object", object.deepCopy());
        return new Event(event.path("id").asText(), type, event.toPrettyString());
    }

    private ObjectNode object(String prefix, String type) {
        // Random, as Stripe's: nothing follows from their order.
        var id = prefix + "_" + UUID.randomUUID().toString().replace("-", "");
        return JSON.createObjectNode().put("id", id).put("object", type).put("created", created++);
    }

    private static Map<String, String> metadata(Map<String, String> parameters) throws Refusal {
        var tags = new LinkedHashMap<String, String>();
        for (var parameter : parameters.entrySet()) {
            var name = parameter.getKey();
            if (name.startsWith("subscription_data[metadata]")) {
                var key = name.substring(name.lastIndexOf('[') + 1, name.length() - 1);
                if (key.length() > 40 || parameter.getValue().length() > 500) {
                    throw new Refusal(400, null, name, "Metadata keys have up to 40 characters, values up to 500");
                }
                tags.put(key, parameter.getValue());
            }
        }
        return tags;
    }

    private static void refuseUnknown(Map<String, String> parameters, Pattern known) throws Refusal {
        for (var name : parameters.keySet()) {
            if (!known.matcher(name).matches()) {
                throw new Refusal(400, "parameter_unknown", name, "Received unknown parameter: " + name);
            }
        }
    }

    private static String required(Map<String, String> parameters, String name) throws Refusal {
        var value = parameters.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new Refusal(400, "parameter_missing", name, "Missing required param: %s.".formatted(name));
        }
        return value;
    }

    private static String url(Map<String, String> parameters, String name) throws Refusal {
        var url = required(parameters, name);
        if (!url.matches("https?://[^/]+.*")) {
            throw new Refusal(400, "url_invalid", name, "Not a valid URL");
        }
        return url;
    }

    private static ObjectNode found(Map<String, ObjectNode> objects, String id, String type) throws Refusal {
        var object = objects.get(id);
        if (object == null) {
            throw new Refusal(404, "resource_missing", "id", "No such %s: '%s'".formatted(type, id));
        }
        return object.deepCopy();
    }
}
