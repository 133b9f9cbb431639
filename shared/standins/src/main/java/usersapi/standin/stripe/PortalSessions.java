package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sessions of the customer portal: its first page, or the flow that confirms a change of plan.
 *
 * @see <a href="https://docs.stripe.com/customer-management/portal-deep-links">Portal deep links</a>
 */
final class PortalSessions {

    private static final String FLOW = "flow_data[subscription_update_confirm]";
    private static final Pattern KNOWN = Pattern.compile("customer|return_url|flow_data\\[type]"
            + "|flow_data\\[subscription_update_confirm]\\[(subscription|items]\\[\\d+]\\[(id|price|quantity))]"
            + "|flow_data\\[after_completion]\\[(type|redirect]\\[return_url)]");

    private final StripeObjects objects;
    private final Customers customers;
    private final Prices prices;
    private final Subscriptions subscriptions;
    private PortalSettings settings = PortalSettings.WITH_CHANGE_OF_PLAN;

    PortalSessions(StripeObjects objects, Customers customers, Prices prices, Subscriptions subscriptions) {
        this.objects = objects;
        this.customers = customers;
        this.prices = prices;
        this.subscriptions = subscriptions;
    }

    void settings(PortalSettings saved) {
        settings = saved;
    }

    /** {@code POST /v1/billing_portal/sessions}. */
    ObjectNode create(Map<String, String> given, URI pages) throws Refusal {
        var parameters = Parameters.of(given, KNOWN);
        var customer = parameters.required("customer");
        var returnUrl = parameters.url("return_url");
        var type = parameters.oneOf("flow_data[type]", Set.of("subscription_update_confirm"));
        if (type.isPresent()) {
            parameters.required(FLOW + "[subscription]");
            parameters.required(FLOW + "[items][0][id]");
        } else if (parameters.hasAny("flow_data")) {
            throw Refusal.missing("flow_data[type]");
        }
        customers.named(customer, "customer");
        if (settings == PortalSettings.NOT_SAVED) {
            throw Refusal.refused(null, null, ("No configuration provided and your %s mode default configuration has "
                    + "not been created. Provide a configuration or create your default by saving your customer "
                    + "portal settings in %1$s mode at https://dashboard.stripe.com/settings/billing/portal.")
                    .formatted(objects.isLive() ? "live" : "test"));
        }
        var change = type.isPresent() ? Optional.of(change(parameters, customer)) : Optional.<ObjectNode>empty();
        var session = objects.add(Kind.PORTAL_SESSION).put("customer", customer).put("return_url", returnUrl);
        if (change.isPresent()) {
            session.putObject("flow").put("type", type.get());
            StripeObjects.internal(session).set("change", change.get());
        } else {
            session.putNull("flow");
        }
        session.put("url", pages + "/p/session/" + session.path("id").asText());
        return StripeObjects.shown(session);
    }

    /** The change of the flow; refused if the portal cannot make it. */
    private ObjectNode change(Parameters parameters, String customer) throws Refusal {
        var id = parameters.required(FLOW + "[subscription]");
        var subscription = objects.find(Kind.SUBSCRIPTION, id)
                .filter(found -> found.path("customer").asText().equals(customer))
                .orElseThrow(() -> Refusal.noSuch(Kind.SUBSCRIPTION, id, FLOW + "[subscription]"));
        if (settings != PortalSettings.WITH_CHANGE_OF_PLAN) {
            throw Refusal.refused(null, null, "This subscription cannot be updated because the subscription update "
                    + "feature in the portal configuration is disabled.");
        }
        if (Subscriptions.hasEnded(subscription)) {
            throw Refusal.refused(null, FLOW + "[subscription]",
                    "This subscription cannot be updated because it is canceled.");
        }
        var items = Subscriptions.items(subscription);
        if (items.size() != 1) {
            throw Refusal.refused(null, FLOW + "[subscription]",
                    "This subscription cannot be updated because it has multiple items.");
        }
        if (subscription.path("schedule").isTextual()) {
            throw Refusal.refused(null, FLOW + "[subscription]",
                    "This subscription cannot be updated because it is managed by a subscription schedule.");
        }
        var item = parameters.required(FLOW + "[items][0][id]");
        if (!items.getFirst().path("id").asText().equals(item)) {
            throw Refusal.noSuch(Kind.SUBSCRIPTION_ITEM, item, FLOW + "[items][0][id]");
        }
        var current = items.getFirst().path("price").path("id").asText();
        var price = parameters.optional(FLOW + "[items][0][price]").orElse(current);
        prices.sold(price, FLOW + "[items][0][price]");
        if (price.equals(current)) {
            throw Refusal.refused(null, null,
                    "Cannot update the subscription because there are no changes to confirm.");
        }
        return StripeObjects.json().put("subscription", id).put("price", price);
    }

    Optional<ObjectNode> find(String id) {
        return objects.find(Kind.PORTAL_SESSION, id);
    }

    /** Makes the change of the flow, and returns the subscription; empty if the session has no such flow, or the subscription has ended. */
    Optional<ObjectNode> confirm(String id) {
        var change = find(id).map(session -> session.path("internal").path("change"))
                .filter(found -> found.isObject());
        var subscription = change
                .flatMap(found -> objects.find(Kind.SUBSCRIPTION, found.path("subscription").asText()))
                .filter(found -> !Subscriptions.hasEnded(found));
        subscription.ifPresent(found -> subscriptions.move(List.copyOf(Subscriptions.items(found)).getFirst(),
                change.get().path("price").asText()));
        return subscription;
    }
}
