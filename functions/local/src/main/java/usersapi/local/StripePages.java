package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import usersapi.standin.stripe.StripeAccount;

/** The pages of Stripe's stand-in for a customer, the checkout and the billing portal, reduced to their buttons. */
final class StripePages {

    private static final String CHECKOUT = Billing.PREFIX + "c/pay/";
    private static final String PORTAL = Billing.PREFIX + "p/session/";
    private static final String CHANGE = "change-to-";

    private final StripeAccount account;
    private final Consumer<List<StripeAccount.Event>> webhook;

    /**
     * Pages of this account.
     *
     * @param webhook gets the events of the customer's actions
     */
    StripePages(StripeAccount account, Consumer<List<StripeAccount.Event>> webhook) {
        this.account = account;
        this.webhook = webhook;
    }

    /** Shows the page at the path, or acts for its button; empty if there is no page. */
    Optional<Answer> answer(Call call) {
        var id = call.path().substring(call.path().lastIndexOf('/') + 1);
        if (call.path().equals(CHECKOUT + id)) {
            return account.checkoutSession(id).map(session -> checkout(call, session));
        }
        if (call.path().equals(PORTAL + id)) {
            return account.portalSession(id).map(session -> portal(call, session));
        }
        return Optional.empty();
    }

    private Answer checkout(Call call, JsonNode session) {
        var id = session.path("id").asText();
        var open = session.path("status").asText().equals("open");
        if (open && call.method().equals("POST")) {
            account.complete(id).ifPresent(webhook);
            var success = session.path("success_url").asText().replace("{CHECKOUT_SESSION_ID}", id);
            return Answer.seeOther(success);
        }
        return open
                ? Page.of(200, "Checkout", "checkout",
                        Map.of("email", email(session.path("customer").asText()), "price",
                                session.path("line_items").path("data").path(0).path("price").path("id").asText(),
                                "cancel_url", session.path("cancel_url").asText()))
                : Page.of(410, "Checkout", "checkout-over",
                        Map.of("site", origin(session.path("cancel_url").asText())));
    }

    private Answer portal(Call call, JsonNode session) {
        var subscription = account.managedSubscription(session.path("customer").asText());
        var change = account.changeOf(session.path("id").asText());
        if (change.isPresent()) {
            return confirmation(call, session, change.get());
        }
        if (call.method().equals("POST")) {
            subscription.map(found -> found.path("id").asText())
                    .ifPresent(id -> webhook.accept(done(call.form().getOrDefault("action", ""), id)));
            return Answer.seeOther(call.path());
        }
        return Page.of(200, "Billing portal", "portal",
                Map.of("subscription", subscription.map(StripePages::words).orElse("none"),
                        "return_url", session.path("return_url").asText()));
    }

    /** The page that confirms a change of plan, and leads back. */
    private Answer confirmation(Call call, JsonNode session, String price) {
        var back = session.path("return_url").asText();
        if (call.method().equals("POST")) {
            account.confirm(session.path("id").asText()).map(List::of).ifPresent(webhook);
            return Answer.seeOther(back);
        }
        return Page.of(200, "Billing portal", "portal-change",
                Map.of("subscription", account.managedSubscription(session.path("customer").asText())
                        .map(StripePages::words).orElse("none"), "price", price, "return_url", back));
    }

    /** The events of a button of the portal's page, or of the passing of time. */
    private List<StripeAccount.Event> done(String action, String subscriptionId) {
        if (account.hasEnded(subscriptionId) && !action.equals("pay")) {
            return List.of();
        }
        return switch (action) {
            case "cancel-at-period-end" -> List.of(account.cancelAtPeriodEnd(subscriptionId));
            case "cancel" -> List.of(account.cancel(subscriptionId));
            case "fail-payment" -> account.failPayment(subscriptionId);
            case "pay" -> account.pay(subscriptionId);
            case String change when change.startsWith(CHANGE) ->
                List.of(account.change(subscriptionId, change.substring(CHANGE.length())));
            default -> List.of();
        };
    }

    private String email(String customerId) {
        return account.customers().stream().filter(customer -> customer.path("id").asText().equals(customerId))
                .map(customer -> customer.path("email").asText("without an address")).findFirst().orElse("deleted");
    }

    private static String words(JsonNode subscription) {
        var item = subscription.path("items").path("data").path(0);
        var end = LocalDate.ofInstant(Instant.ofEpochSecond(item.path("current_period_end").asLong()), ZoneOffset.UTC);
        return "%s, %s, %s %s".formatted(item.path("price").path("id").asText(), subscription.path("status").asText(),
                subscription.path("cancel_at").isNumber() ? "ends on" : "paid until", end);
    }

    private static String origin(String url) {
        return URI.create(url).resolve("/").toString();
    }
}
