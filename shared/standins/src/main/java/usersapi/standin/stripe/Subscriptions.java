package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The account's subscriptions.
 *
 * @see <a href="https://docs.stripe.com/api/subscriptions">Subscriptions</a>
 */
final class Subscriptions {

    /** The statuses of an ended subscription (docs.stripe.com/billing/subscriptions/overview#subscription-statuses). */
    private static final Set<String> ENDED = Set.of("canceled", "incomplete_expired");
    private static final Set<String> STATUSES = Set.of("active", "trialing", "past_due", "unpaid", "paused",
            "incomplete", "incomplete_expired", "canceled");
    private static final Set<String> FILTERS = Set.of("active", "trialing", "past_due", "unpaid", "paused",
            "incomplete", "incomplete_expired", "canceled", "ended", "all");
    private static final Pattern LISTED_BY = Pattern.compile("customer|status|price|limit|starting_after");
    private static final Pattern NONE = Pattern.compile("(?!)");
    private static final Duration PERIOD = Duration.ofDays(30);

    private final StripeObjects objects;
    private final Prices prices;

    Subscriptions(StripeObjects objects, Prices prices) {
        this.objects = objects;
        this.prices = prices;
    }

    /** Makes an active subscription. */
    ObjectNode add(String customer, Collection<String> priceIds, Map<String, String> metadata) {
        var subscription = objects.add(Kind.SUBSCRIPTION);
        var start = subscription.path("created").asLong();
        subscription.put("customer", customer).put("status", "active").put("collection_method", "charge_automatically")
                .put("start_date", start).put("cancel_at_period_end", false).putNull("cancel_at").putNull("canceled_at")
                .putNull("ended_at").putNull("trial_start").putNull("trial_end").putNull("pause_collection")
                .putNull("schedule");
        subscription.putObject("billing_mode").put("type", "flexible");
        var tags = subscription.putObject("metadata");
        metadata.forEach(tags::put);
        subscription.putObject("items").put("object", "list").put("has_more", false).putArray("data");
        priceIds.forEach(price -> addItem(subscription, price));
        return subscription;
    }

    /** Adds an item, whose period begins now. */
    void addItem(ObjectNode subscription, String price) {
        var item = objects.make(Kind.SUBSCRIPTION_ITEM).put("quantity", 1).put("subscription",
                subscription.path("id").asText());
        item.put("current_period_start", item.path("created").asLong()).put("current_period_end",
                item.path("created").asLong() + PERIOD.toSeconds());
        item.set("price", StripeObjects.shown(prices.any(price)));
        ((ObjectNode) subscription.path("items")).withArrayProperty("data").add(item);
    }

    /** The items of a subscription. */
    static List<ObjectNode> items(ObjectNode subscription) {
        return subscription.path("items").path("data").valueStream().map(ObjectNode.class::cast).toList();
    }

    /** Moves an item to another price. */
    void move(ObjectNode item, String price) {
        item.set("price", StripeObjects.shown(prices.any(price)));
    }

    /** Starts the next period of every item. */
    void renew(ObjectNode subscription) {
        for (var item : items(subscription)) {
            var end = item.path("current_period_end").asLong();
            item.put("current_period_start", end).put("current_period_end", end + PERIOD.toSeconds());
        }
    }

    /** Makes its first period a trial that ends at this time. */
    void startTrial(ObjectNode subscription, long end) {
        subscription.put("status", "trialing").put("trial_start", objects.now()).put("trial_end", end);
        items(subscription).forEach(item -> item.put("current_period_end", end));
    }

    /** Sets the status, one of Stripe's. */
    void status(ObjectNode subscription, String status) {
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("not a status of Stripe: " + status);
        }
        subscription.put("status", status);
        if (ENDED.contains(status)) {
            subscription.put("canceled_at", objects.now()).put("ended_at", objects.now());
        }
    }

    static boolean hasEnded(ObjectNode subscription) {
        return ENDED.contains(subscription.path("status").asText());
    }

    /** {@code GET /v1/subscriptions/:id}. */
    ObjectNode retrieve(String id, Map<String, String> given) throws Refusal {
        Parameters.of(given, NONE);
        return StripeObjects.shown(objects.require(Kind.SUBSCRIPTION, id));
    }

    /** {@code GET /v1/subscriptions}: without a {@code status} all but the canceled ones. */
    ObjectNode list(Map<String, String> given) throws Refusal {
        var parameters = Parameters.of(given, LISTED_BY);
        var customer = parameters.optional("customer");
        if (customer.isPresent() && objects.find(Kind.CUSTOMER, customer.get()).isEmpty()) {
            throw Refusal.noSuch(Kind.CUSTOMER, customer.get(), "customer");
        }
        var price = parameters.optional("price");
        var status = parameters.oneOf("status", FILTERS).orElse("");
        return ListPage.of("/v1/subscriptions", Kind.SUBSCRIPTION, objects.all(Kind.SUBSCRIPTION).stream()
                .filter(subscription -> customer.isEmpty()
                        || subscription.path("customer").asText().equals(customer.get()))
                .filter(subscription -> price.isEmpty() || items(subscription).stream()
                        .anyMatch(item -> item.path("price").path("id").asText().equals(price.get())))
                .filter(subscription -> switch (status) {
                    case "" -> !subscription.path("status").asText().equals("canceled");
                    case "all" -> true;
                    case "ended" -> hasEnded(subscription);
                    default -> subscription.path("status").asText().equals(status);
                }).map(StripeObjects::shown).toList(), parameters);
    }

    /** {@code DELETE /v1/subscriptions/:id}: ends it now. */
    ObjectNode cancel(String id, Map<String, String> given) throws Refusal {
        Parameters.of(given, NONE);
        var subscription = objects.require(Kind.SUBSCRIPTION, id);
        if (hasEnded(subscription)) {
            throw Refusal.notFound(Kind.SUBSCRIPTION, id);
        }
        status(subscription, "canceled");
        return StripeObjects.shown(subscription);
    }
}
