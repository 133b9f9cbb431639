package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The account's checkout sessions, for subscriptions to one price. An open one expires after a day.
 *
 * @see <a href="https://docs.stripe.com/api/checkout/sessions">Checkout Sessions</a>
 */
final class CheckoutSessions {

    private static final Duration MIN_LIFE = Duration.ofMinutes(30);
    private static final Duration MAX_LIFE = Duration.ofHours(24);
    private static final long MAX_TRIAL_DAYS = 730;

    private static final Pattern KNOWN = Pattern.compile("mode|success_url|cancel_url|client_reference_id|customer"
            + "|customer_email|customer_update\\[address]|line_items\\[0]\\[(price|quantity)]|metadata\\[[^]]+]"
            + "|subscription_data\\[(metadata]\\[[^]]+|trial_period_days)]|allow_promotion_codes"
            + "|automatic_tax\\[enabled]|expires_at|expand\\[\\d+]");
    private static final Pattern EXPANDED = Pattern.compile("expand\\[\\d+]");
    private static final Pattern LISTED_BY = Pattern.compile("customer|status|limit|starting_after|expand\\[\\d+]");

    private final StripeObjects objects;
    private final Customers customers;
    private final Prices prices;
    private final Subscriptions subscriptions;

    CheckoutSessions(StripeObjects objects, Customers customers, Prices prices, Subscriptions subscriptions) {
        this.objects = objects;
        this.customers = customers;
        this.prices = prices;
        this.subscriptions = subscriptions;
    }

    /** {@code POST /v1/checkout/sessions}. */
    ObjectNode create(Map<String, String> given, URI pages) throws Refusal {
        var parameters = Parameters.of(given, KNOWN);
        if (!parameters.required("mode").equals("subscription")) {
            throw Refusal.malformed(null, "mode", "This stand-in knows the mode subscription only");
        }
        var success = parameters.url("success_url");
        var cancel = parameters.url("cancel_url");
        if (!parameters.hasAny("line_items")) {
            throw Refusal.missing("line_items");
        }
        var priceId = parameters.required("line_items[0][price]");
        if (parameters.integer("line_items[0][quantity]", 1, 999_999).isEmpty()) {
            throw Refusal.missing("line_items[0][quantity]");
        }
        if (!parameters.optional("client_reference_id").orElse("-").matches("[A-Za-z0-9_-]{1,200}")) {
            throw Refusal.malformed(null, "client_reference_id", "Invalid client_reference_id");
        }
        var metadata = parameters.metadata("metadata");
        var subscriptionMetadata = parameters.metadata("subscription_data[metadata]");
        var trialDays = parameters.integer("subscription_data[trial_period_days]", 1, MAX_TRIAL_DAYS);
        var promotionCodes = parameters.flag("allow_promotion_codes");
        var tax = parameters.flag("automatic_tax[enabled]");
        var expand = parameters.expand(Set.of("line_items"));
        var now = objects.now();
        var expiresAt = parameters.integer("expires_at", now + MIN_LIFE.toSeconds(), now + MAX_LIFE.toSeconds())
                .orElse(now + MAX_LIFE.toSeconds());
        var customer = customer(parameters, tax);
        var price = prices.sold(priceId, "line_items[0][price]");

        var session = objects.add(Kind.CHECKOUT_SESSION);
        session.setAll(unpaid(price, Long.parseLong(given.get("line_items[0][quantity]")), expiresAt, metadata));
        session.put("status", "open").put("success_url", success).put("cancel_url", cancel)
                .put("client_reference_id", parameters.optional("client_reference_id").orElse(null))
                .put("customer", customer.orElse(null))
                .put("customer_email", parameters.optional("customer_email").orElse(null))
                .put("allow_promotion_codes", promotionCodes)
                .put("url", pages + "/c/pay/" + session.path("id").asText());
        session.putObject("automatic_tax").put("enabled", tax);
        var internal = StripeObjects.internal(session);
        trialDays.ifPresent(days -> internal.put("trial_days", days));
        subscriptionMetadata.forEach(internal.putObject("subscription_metadata")::put);
        return shown(session, !expand.isEmpty());
    }

    /** Keeps a session of this id that has expired unpaid, unless there is one of this id. */
    void addExpired(String id, String priceId, Map<String, String> metadata) {
        objects.addIfAbsent(Kind.CHECKOUT_SESSION, id,
                expired(unpaid(prices.any(priceId), 1, objects.now(), metadata)).putNull("customer"));
    }

    /** The members that each session has before it is paid. */
    private static ObjectNode unpaid(ObjectNode price, long quantity, long expiresAt, Map<String, String> metadata) {
        var members = StripeObjects.json().put("mode", "subscription").put("payment_status", "unpaid")
                .putNull("subscription").put("expires_at", expiresAt);
        metadata.forEach(members.putObject("metadata")::put);
        StripeObjects.internal(members).put("quantity", quantity).set("price", StripeObjects.shown(price));
        return members;
    }

    private Optional<String> customer(Parameters parameters, boolean tax) throws Refusal {
        if (parameters.has("customer") && parameters.has("customer_email")) {
            throw Refusal.malformed(null, "customer",
                    "You may only specify one of these parameters: customer, customer_email.");
        }
        var update = parameters.oneOf("customer_update[address]", Set.of("auto", "never"));
        var customer = parameters.optional("customer");
        if (customer.isEmpty() && update.isPresent()) {
            throw Refusal.malformed(null, "customer_update",
                    "`customer_update` can only be used with `customer`.");
        }
        customers.requireAddress(parameters, "customer_email");
        if (customer.isPresent()) {
            customers.named(customer.get(), "customer");
            // No customer of this stand-in has an address for taxes.
            if (tax && !update.orElse("never").equals("auto")) {
                throw Refusal.refused("customer_tax_location_invalid", null,
                        "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid "
                                + "address to the Customer or set `customer_update[address]` to 'auto' to save the "
                                + "billing address entered in Checkout to the Customer.");
            }
        }
        return customer;
    }

    /** {@code GET /v1/checkout/sessions/:id}. */
    ObjectNode retrieve(String id, Map<String, String> given) throws Refusal {
        var expand = Parameters.of(given, EXPANDED).expand(Set.of("line_items"));
        return shown(current(objects.require(Kind.CHECKOUT_SESSION, id)), !expand.isEmpty());
    }

    /** {@code GET /v1/checkout/sessions}. */
    ObjectNode list(Map<String, String> given) throws Refusal {
        var parameters = Parameters.of(given, LISTED_BY);
        var customer = parameters.optional("customer");
        if (customer.isPresent() && objects.find(Kind.CUSTOMER, customer.get()).isEmpty()) {
            throw Refusal.noSuch(Kind.CUSTOMER, customer.get(), "customer");
        }
        var status = parameters.oneOf("status", Set.of("open", "complete", "expired"));
        var expand = parameters.expand(Set.of("data.line_items"));
        return ListPage.of("/v1/checkout/sessions", Kind.CHECKOUT_SESSION,
                objects.all(Kind.CHECKOUT_SESSION).stream().map(this::current)
                        .filter(session -> customer.isEmpty()
                                || session.path("customer").asText().equals(customer.get()))
                        .filter(session -> status.isEmpty() || session.path("status").asText().equals(status.get()))
                        .map(session -> shown(session, !expand.isEmpty())).toList(),
                parameters);
    }

    /** {@code POST /v1/checkout/sessions/:id/expire}: only while it is open. */
    ObjectNode expire(String id, Map<String, String> given) throws Refusal {
        var expand = Parameters.of(given, EXPANDED).expand(Set.of("line_items"));
        var session = current(objects.require(Kind.CHECKOUT_SESSION, id));
        var status = session.path("status").asText();
        if (!status.equals("open")) {
            throw Refusal.refused(null, null, "Only Checkout Sessions with a status in [\"open\"] can be expired. "
                    + "This Checkout Session has a status of `%s`.".formatted(status));
        }
        return shown(expired(session), !expand.isEmpty());
    }

    /** The session as it is now; empty if there is none. */
    Optional<ObjectNode> find(String id) {
        return objects.find(Kind.CHECKOUT_SESSION, id).map(this::current);
    }

    /** All sessions as they are now, the newest first. */
    List<ObjectNode> all() {
        return objects.all(Kind.CHECKOUT_SESSION).stream().map(this::current)
                .map(session -> shown(session, true)).toList();
    }

    /**
     * Completes the session by a subscription; empty if it is not open, or its customer was deleted.
     *
     * @param paid whether the payment has arrived; otherwise it is pending
     */
    Optional<ObjectNode> complete(String id, boolean paid) {
        var open = find(id).filter(session -> session.path("status").asText().equals("open"));
        if (open.isEmpty()) {
            return Optional.empty();
        }
        var session = open.get();
        if (session.path("customer").isNull()) {
            var customer = customers.add();
            customer.set("email", session.path("customer_email"));
            session.set("customer", customer.get("id"));
        } else if (customers.find(session.path("customer").asText()).isEmpty()) {
            return Optional.empty();
        }
        var internal = StripeObjects.internal(session);
        var metadata = new LinkedHashMap<String, String>();
        internal.path("subscription_metadata").properties()
                .forEach(tag -> metadata.put(tag.getKey(), tag.getValue().asText()));
        var subscription = subscriptions.add(session.path("customer").asText(),
                List.of(internal.path("price").path("id").asText()), metadata);
        var status = paid ? "paid" : "unpaid";
        if (internal.has("trial_days")) {
            var days = Duration.ofDays(internal.path("trial_days").asLong());
            subscriptions.startTrial(subscription, subscription.path("created").asLong() + days.toSeconds());
            status = "no_payment_required";
        } else if (!paid) {
            subscriptions.status(subscription, "incomplete");
        }
        session.put("status", "complete").put("payment_status", status).putNull("url").set("subscription",
                subscription.get("id"));
        return Optional.of(subscription);
    }

    private ObjectNode current(ObjectNode session) {
        return session.path("status").asText().equals("open") && session.path("expires_at").asLong() <= objects.now()
                ? expired(session)
                : session;
    }

    private static ObjectNode expired(ObjectNode session) {
        return session.put("status", "expired").putNull("url");
    }

    private static ObjectNode shown(ObjectNode session, boolean withItems) {
        var shown = StripeObjects.shown(session);
        if (withItems) {
            var internal = session.path("internal");
            var item = StripeObjects.json();
            item.set("price", internal.path("price"));
            item.set("quantity", internal.path("quantity"));
            shown.putObject("line_items").put("object", "list").put("has_more", false).putArray("data").add(item);
        }
        return shown;
    }
}
