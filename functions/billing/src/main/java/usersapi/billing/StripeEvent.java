package usersapi.billing;

import java.util.Optional;
import usersapi.json.JsonObject;

/**
 * The used part of Stripe's event: the subscription to look at. The subscription's state is not read from the event, because
 * events come in any order. These few members are at the same place in every version of the API.
 *
 * @param id Stripe's id of the event, for the log
 * @param type for example {@code customer.subscription.updated}
 * @param subscriptionId the subscription; empty if the event has none or is of an unknown type
 * @param userId the user whom the event names, if it does; a hint where to look first
 * @see <a href="https://docs.stripe.com/api/events/object">The Event object</a>
 */
record StripeEvent(String id, String type, Optional<String> subscriptionId, Optional<String> userId) {

    /** Whether the event belongs to a connected account (docs.stripe.com/connect/webhooks). */
    static boolean isOfConnectedAccount(JsonObject event) {
        return event.string("account").isPresent();
    }

    /** Whether the event is of the live mode; empty if it does not say so. */
    static Optional<Boolean> isLive(JsonObject event) {
        return event.get("livemode") instanceof Boolean live ? Optional.of(live) : Optional.empty();
    }

    /** Reads an event; empty if it is not an event. */
    static Optional<StripeEvent> of(JsonObject event) {
        var object = event.object("data").object("object");
        return event.string("id").filter(id -> !id.isEmpty())
                .flatMap(id -> event.string("type").map(type -> switch (type) {
                    case "checkout.session.completed" -> new StripeEvent(id, type, reference(object, "subscription"),
                            object.string("client_reference_id"));
                    case "customer.subscription.created", "customer.subscription.updated",
                            "customer.subscription.deleted" ->
                        new StripeEvent(id, type, object.string("id"), userId(object));
                    case "invoice.paid", "invoice.payment_failed" -> {
                        // Since 2025-03-31.basil an invoice names its parent; before, it named the subscription.
                        var details = object.object("parent").object("subscription_details");
                        yield details.isEmpty()
                                ? new StripeEvent(id, type, reference(object, "subscription"),
                                        userId(object.object("subscription_details")))
                                : new StripeEvent(id, type, reference(details, "subscription"), userId(details));
                    }
                    default -> new StripeEvent(id, type, Optional.empty(), Optional.empty());
                }));
    }

    private static Optional<String> userId(JsonObject owner) {
        return owner.object("metadata").string(StripeSubscription.USER_ID);
    }

    /** An id, or the whole object if the endpoint's version expands it. */
    private static Optional<String> reference(JsonObject owner, String name) {
        return owner.string(name).or(() -> owner.object(name).string("id"));
    }
}
