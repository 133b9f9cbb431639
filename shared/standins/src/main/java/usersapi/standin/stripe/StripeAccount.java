package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An account at Stripe: actions of a customer on Stripe's pages, actions in the dashboard, the passing of time, and the
 * events that Stripe sends about them. Its objects have the members that this API can read.
 *
 * @see <a href="https://docs.stripe.com/api">Stripe API reference</a>
 */
public final class StripeAccount {

    private static final JsonMapper JSON = new JsonMapper();

    private final StripeObjects objects;
    private final Customers customers;
    private final Prices prices;
    private final Subscriptions subscriptions;
    private final CheckoutSessions sessions;
    private final PortalSessions portalSessions;
    private String eventVersion = "2026-07-29.dahlia";

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

        /** The same event of the other mode; an endpoint of Connect gets events of both. */
        public Event ofOtherMode() {
            var event = read();
            event.put("livemode", !event.path("livemode").asBoolean());
            return new Event(id, type, event.toPrettyString());
        }

        /** The same event of a connected account (docs.stripe.com/connect/webhooks). */
        public Event ofConnectedAccount(String account) {
            return new Event(id, type, read().put("account", account).toPrettyString());
        }

        private ObjectNode read() {
            try {
                return (ObjectNode) JSON.readTree(json);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    StripeAccount(Set<String> priceIds, Clock clock, boolean live, Optional<Path> file) {
        objects = new StripeObjects(clock, live, file);
        customers = new Customers(objects);
        prices = new Prices(objects, priceIds);
        subscriptions = new Subscriptions(objects, prices);
        sessions = new CheckoutSessions(objects, customers, prices, subscriptions);
        portalSessions = new PortalSessions(objects, customers, prices, subscriptions);
    }

    // Actions in the dashboard.

    /** Sets the version of the webhook endpoint, which decides the form of events. */
    public synchronized void eventVersion(String version) {
        eventVersion = version;
    }

    /** Saves the portal's settings. */
    public synchronized void portal(PortalSettings settings) {
        portalSessions.settings(settings);
    }

    /** Archives a price: it is no longer sold, and subscriptions keep it. */
    public synchronized void archive(String price) {
        prices.archive(price);
        objects.save();
    }

    /** Makes a subscription of a new customer; its id is in the event. */
    public synchronized Event subscribe(String price, Map<String, String> metadata) {
        return subscribe(customers.add().path("id").asText(), List.of(price), metadata);
    }

    /** Makes a subscription of a customer, with an item for each price; its id is in the event. */
    public synchronized Event subscribe(String customerId, List<String> priceIds, Map<String, String> metadata) {
        return event("customer.subscription.created", subscriptions.add(customerId, priceIds, metadata));
    }

    /** Adds an item to a subscription. */
    public synchronized Event addItem(String subscriptionId, String price) {
        subscriptions.addItem(living(subscriptionId), price);
        return updated(subscriptionId);
    }

    /** Moves a subscription's first item to another price; so does the portal. */
    public synchronized Event change(String subscriptionId, String price) {
        subscriptions.move(Subscriptions.items(living(subscriptionId)).getFirst(), price);
        return updated(subscriptionId);
    }

    /** Puts a subscription under a schedule (docs.stripe.com/billing/subscriptions/subscription-schedules). */
    public synchronized Event schedule(String subscriptionId) {
        living(subscriptionId).put("schedule", "sub_sched_" + subscriptionId);
        return updated(subscriptionId);
    }

    /** Pauses the collection of payments; the status stays (docs.stripe.com/billing/subscriptions/pause-payment). */
    public synchronized Event pauseCollection(String subscriptionId) {
        living(subscriptionId).putObject("pause_collection").put("behavior", "void");
        return updated(subscriptionId);
    }

    /** Starts a trial that ends at this time. */
    public synchronized Event startTrial(String subscriptionId, Instant end) {
        subscriptions.startTrial(living(subscriptionId), end.getEpochSecond());
        return updated(subscriptionId);
    }

    /** Switches a subscription to classic billing, as before the flexible mode. */
    public synchronized void billClassically(String subscriptionId) {
        existing(subscriptionId).putObject("billing_mode").put("type", "classic");
        objects.save();
    }

    /** Sets a subscription's status, for example {@code unpaid}. */
    public synchronized Event status(String subscriptionId, String status) {
        subscriptions.status(living(subscriptionId), status);
        return updated(subscriptionId);
    }

    /** Ends a subscription now. */
    public synchronized Event cancel(String subscriptionId) {
        subscriptions.status(living(subscriptionId), "canceled");
        return event("customer.subscription.deleted", existing(subscriptionId));
    }

    /** Removes a subscription, as the deletion of test data does. */
    public synchronized void forget(String subscriptionId) {
        objects.remove(Kind.SUBSCRIPTION, subscriptionId);
        objects.save();
    }

    /** Deletes a customer; its subscriptions end. */
    public synchronized List<Event> deleteCustomer(String customerId) {
        try {
            customers.delete(customerId);
        } catch (Refusal e) {
            throw new IllegalArgumentException(e);
        }
        return endSubscriptionsOf(customerId);
    }

    private List<Event> endSubscriptionsOf(String customerId) {
        var events = new ArrayList<Event>();
        for (var subscription : objects.all(Kind.SUBSCRIPTION)) {
            if (subscription.path("customer").asText().equals(customerId) && !Subscriptions.hasEnded(subscription)) {
                events.add(cancel(subscription.path("id").asText()));
            }
        }
        return events;
    }

    /** Opens a payment link of a price, with a reference in its address (docs.stripe.com/payment-links/url-parameters). */
    public synchronized String openPaymentLink(String price, String reference) {
        try {
            return sessions.create(Map.of("mode", "subscription", "success_url", "https://link.example/",
                    "cancel_url", "https://link.example/", "line_items[0][price]", price, "line_items[0][quantity]",
                    "1",
                    "client_reference_id", reference), URI.create("https://link.example")).path("id").asText();
        } catch (Refusal e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Keeps a checkout session of this id that has expired unpaid, unless there is one of this id. */
    public synchronized void addExpiredCheckout(String id, String price, Map<String, String> metadata) {
        sessions.addExpired(id, price, metadata);
        objects.save();
    }

    /** From now on refuses this well-formed address, as Stripe does by its own lists. */
    public synchronized void refuseAddress(String email) {
        customers.refuseAddress(email);
    }

    // Actions of a customer on Stripe's pages.

    /** Pays on the checkout page, or starts the trial; empty if there is no such open session. */
    public synchronized Optional<List<Event>> complete(String sessionId) {
        return complete(sessionId, true);
    }

    /** Completes a checkout by a payment that takes days, such as a debit; the subscription is incomplete until it arrives. */
    public synchronized Optional<List<Event>> completeWithoutPayment(String sessionId) {
        return complete(sessionId, false);
    }

    private Optional<List<Event>> complete(String sessionId, boolean paid) {
        return sessions.complete(sessionId, paid).map(subscription -> {
            var events = new ArrayList<>(List.of(
                    event("checkout.session.completed", sessions.find(sessionId).orElseThrow()),
                    event("customer.subscription.created", subscription)));
            if (paid) {
                events.add(event("invoice.paid", invoice(subscription, "paid")));
            }
            return List.copyOf(events);
        });
    }

    /** Confirms the change of plan that a portal session's flow shows; empty if it shows none. */
    public synchronized Optional<Event> confirm(String portalSessionId) {
        return portalSessions.confirm(portalSessionId)
                .map(subscription -> updated(subscription.path("id").asText()));
    }

    /** Ends the subscription with its period, as the portal does with classic billing. */
    public synchronized Event cancelAtPeriodEnd(String subscriptionId) {
        living(subscriptionId).put("cancel_at_period_end", true).set("cancel_at",
                firstItem(subscriptionId).get("current_period_end"));
        return updated(subscriptionId);
    }

    /** Ends the subscription at a time, as the portal does with flexible billing. */
    public synchronized Event cancelAt(String subscriptionId, Instant end) {
        living(subscriptionId).put("cancel_at", end.getEpochSecond());
        return updated(subscriptionId);
    }

    // The passing of time.

    /** The payment of the next renewal fails. */
    public synchronized List<Event> failPayment(String subscriptionId) {
        subscriptions.status(living(subscriptionId), "past_due");
        return List.of(event("invoice.payment_failed", invoice(existing(subscriptionId), "open")),
                updated(subscriptionId));
    }

    /** The due payment succeeds. If the subscription has ended, its last invoice is paid, and it stays ended. */
    public synchronized List<Event> pay(String subscriptionId) {
        var subscription = existing(subscriptionId);
        var paid = event("invoice.paid", invoice(subscription, "paid"));
        if (Subscriptions.hasEnded(subscription)) {
            return List.of(paid);
        }
        subscriptions.status(subscription, "active");
        return List.of(paid, updated(subscriptionId));
    }

    /** The next period begins, and is paid. */
    public synchronized List<Event> renew(String subscriptionId) {
        subscriptions.renew(living(subscriptionId));
        return pay(subscriptionId);
    }

    // The state.

    /** The subscription of a checkout; empty until the checkout is completed. */
    public synchronized Optional<String> subscriptionOf(String sessionId) {
        return sessions.find(sessionId).map(session -> session.path("subscription").textValue());
    }

    /** The checkout of this id, with its items. */
    public synchronized Optional<ObjectNode> checkoutSession(String id) {
        return checkoutSessions().stream().filter(session -> session.path("id").asText().equals(id)).findFirst();
    }

    /** All checkouts with their items, the newest first. */
    public synchronized List<ObjectNode> checkoutSessions() {
        return sessions.all();
    }

    /** The portal session of this id. */
    public synchronized Optional<ObjectNode> portalSession(String id) {
        return portalSessions.find(id).map(StripeObjects::shown);
    }

    /** The price to which the flow of this portal session would change; empty if the session has no such flow. */
    public synchronized Optional<String> changeOf(String portalSessionId) {
        return portalSessions.find(portalSessionId)
                .map(session -> session.path("internal").path("change").path("price"))
                .map(JsonNode::textValue);
    }

    /** The customer's subscriptions, the newest first. */
    public synchronized List<ObjectNode> subscriptions(String customerId) {
        return objects.all(Kind.SUBSCRIPTION).stream()
                .filter(subscription -> subscription.path("customer").asText().equals(customerId))
                .map(ObjectNode::deepCopy).toList();
    }

    /** The customer's newest subscription. */
    public synchronized Optional<ObjectNode> newestSubscription(String customerId) {
        return subscriptions(customerId).stream().findFirst();
    }

    /** The customer's subscription that the portal shows: the newest that has not ended, else the newest. */
    public synchronized Optional<ObjectNode> managedSubscription(String customerId) {
        var all = subscriptions(customerId);
        return all.stream().filter(subscription -> !Subscriptions.hasEnded(subscription)).findFirst()
                .or(() -> all.stream().findFirst());
    }

    /** Whether the subscription has ended; then only its last invoice can be paid. */
    public synchronized boolean hasEnded(String subscriptionId) {
        return Subscriptions.hasEnded(existing(subscriptionId));
    }

    /** All customers that are not deleted, the newest first. */
    public synchronized List<ObjectNode> customers() {
        return objects.all(Kind.CUSTOMER).stream()
                .filter(customer -> customers.find(customer.path("id").asText()).isPresent())
                .map(StripeObjects::shown).toList();
    }

    /** When the subscription's current period ends. */
    public synchronized Instant periodEnd(String subscriptionId) {
        return Instant.ofEpochSecond(firstItem(subscriptionId).path("current_period_end").asLong());
    }

    /** An event with the subscription's current state, as when Stripe or somebody in the dashboard repeats one. */
    public synchronized Event updated(String subscriptionId) {
        return event("customer.subscription.updated", existing(subscriptionId));
    }

    /** An event of a type without subscriptions. */
    public synchronized Event other(String type) {
        return event(type, objects.make(Kind.OTHER));
    }

    /** Answers a request of the API. */
    synchronized ObjectNode answer(LocalStripe.Request request, URI pages) throws Refusal {
        var parts = List.of(request.path().replaceFirst("^/v1/", "").split("/"));
        var parameters = request.parameters();
        var answer = switch (request.method() + " " + route(parts)) {
            case "POST customers" -> customers.create(parameters);
            case "GET customers" -> customers.list(parameters);
            case "GET customers/search" -> customers.search(parameters);
            case "GET customers/:id" -> customers.retrieve(parts.get(1));
            case "POST customers/:id" -> customers.update(parts.get(1), parameters);
            case "DELETE customers/:id" -> {
                var deleted = customers.delete(parts.get(1));
                endSubscriptionsOf(parts.get(1));
                yield deleted;
            }
            case "POST checkout/sessions" -> sessions.create(parameters, pages);
            case "GET checkout/sessions" -> sessions.list(parameters);
            case "GET checkout/sessions/:id" -> sessions.retrieve(parts.get(2), parameters);
            case "POST checkout/sessions/:id/expire" -> sessions.expire(parts.get(2), parameters);
            case "GET subscriptions" -> subscriptions.list(parameters);
            case "GET subscriptions/:id" -> subscriptions.retrieve(parts.get(1), parameters);
            case "DELETE subscriptions/:id" -> subscriptions.cancel(parts.get(1), parameters);
            case "POST billing_portal/sessions" -> portalSessions.create(parameters, pages);
            default -> throw Refusal.ofRequest(404, null,
                    "Unrecognized request URL (%s: %s).".formatted(request.method(), request.path()));
        };
        objects.save();
        return answer;
    }

    private static String route(List<String> parts) {
        var path = String.join("/", parts);
        return path.equals("customers/search")
                ? path
                : path.replaceFirst("^(customers|subscriptions|checkout/sessions)/[^/]+", "$1/:id");
    }

    /** The objects, for further parts of the account's state. */
    StripeObjects objects() {
        return objects;
    }

    private ObjectNode existing(String subscriptionId) {
        return objects.find(Kind.SUBSCRIPTION, subscriptionId)
                .orElseThrow(() -> new IllegalArgumentException("no subscription " + subscriptionId));
    }

    /** The subscription, which must not have ended: Stripe changes none that has. */
    private ObjectNode living(String subscriptionId) {
        var subscription = existing(subscriptionId);
        if (Subscriptions.hasEnded(subscription)) {
            throw new IllegalArgumentException("the subscription has ended: " + subscriptionId);
        }
        return subscription;
    }

    private ObjectNode firstItem(String subscriptionId) {
        return Subscriptions.items(existing(subscriptionId)).getFirst();
    }

    private ObjectNode invoice(ObjectNode subscription, String status) {
        var invoice = objects.make(Kind.INVOICE).put("status", status);
        invoice.set("customer", subscription.get("customer"));
        var details = invoice.putObject("parent").put("type", "subscription_details")
                .putObject("subscription_details");
        details.set("metadata", subscription.get("metadata").deepCopy());
        details.set("subscription", subscription.get("id"));
        return invoice;
    }

    private Event event(String type, JsonNode object) {
        objects.save();
        var event = objects.make(Kind.EVENT).put("type", type).put("api_version", eventVersion).put("pending_webhooks",
                1);
        event.putObject("data").set("object", WireForm.of(StripeObjects.shown((ObjectNode) object), eventVersion));
        return new Event(event.path("id").asText(), type, event.toPrettyString());
    }
}
