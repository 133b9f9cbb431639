package usersapi.standin.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckoutSessionsTest {

    private static final String PATH = "/v1/checkout/sessions";
    private static final Map<String, String> CHECKOUT = Map.of("mode", "subscription", "line_items[0][price]",
            "price_pro", "line_items[0][quantity]", "1", "success_url", "https://a.example/", "cancel_url",
            "https://a.example/", "client_reference_id", "jane", "metadata[plan]", "pro",
            "subscription_data[metadata][external_id]", "jane");

    @RegisterExtension
    final StripeCalls calls = new StripeCalls();

    @Test
    void areOpenedAndRetrieved() {
        var created = calls.post(PATH, with("customer_email", "jane@example.com"));

        assertThat(created.text("id")).startsWith("cs_test_");
        assertThat(created.text("status")).isEqualTo("open");
        assertThat(created.text("payment_status")).isEqualTo("unpaid");
        assertThat(created.text("customer_email")).isEqualTo("jane@example.com");
        assertThat(created.text("url")).endsWith("/c/pay/" + created.text("id"));
        assertThat(created.body().path("metadata").path("plan").asText()).isEqualTo("pro");
        assertThat(created.body().has("line_items")).isFalse();
        assertThat(calls.get(PATH + "/" + created.text("id")).body()).isEqualTo(created.body());
        assertThat(calls.get(PATH + "/" + created.text("id"), Map.of("expand[0]", "line_items")).body()
                .path("line_items").path("data").path(0).path("price").path("id").asText()).isEqualTo("price_pro");
        assertThat(calls.get(PATH + "/cs_test_none").error().path("code").asText()).isEqualTo("resource_missing");
    }

    @ParameterizedTest
    @CsvSource({"mode,'',parameter_missing", "mode,payment,", "line_items[0][price],'',parameter_missing",
            "line_items[0][price],price_x,resource_missing", "line_items[0][quantity],0,parameter_invalid_integer",
            "success_url,'',parameter_missing", "success_url,/here,url_invalid", "cancel_url,nowhere,url_invalid",
            "customer_email,nobody,email_invalid", "customer,cus_1,resource_missing", "client_reference_id,a b,",
            "redirect,yes,parameter_unknown", "subscription_data[items],x,parameter_unknown",
            "line_items[0][plan],x,parameter_unknown", "allow_promotion_codes,yes,parameter_invalid_boolean",
            "subscription_data[trial_period_days],0,parameter_invalid_integer",
            "expires_at,5,parameter_invalid_integer"})
    void refuseWhatStripeRefuses(String name, String value, String code) {
        var refused = calls.post(PATH, with(name, value));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(refused.error().path("param").asText()).isEqualTo(name);
        assertThat(refused.error().path("code").textValue()).isEqualTo(code);
    }

    @Test
    void refuseACustomerAndAnAddressTogether() {
        var both = new TreeMap<>(with("customer", calls.customer()));
        both.put("customer_email", "jane@example.com");

        assertThat(calls.post(PATH, both).error().path("param").asText()).isEqualTo("customer");
    }

    @Test
    void refuseToTaxACustomerWhoseAddressIsNotToBeSaved() {
        var taxed = new TreeMap<>(with("customer", calls.customer()));
        taxed.put("automatic_tax[enabled]", "true");

        assertThat(calls.post(PATH, taxed).error().path("code").asText()).isEqualTo("customer_tax_location_invalid");
        taxed.put("customer_update[address]", "auto");
        assertThat(calls.post(PATH, taxed).status()).isEqualTo(200);
        taxed.remove("customer");
        assertThat(calls.post(PATH, taxed).error().path("param").asText()).isEqualTo("customer_update");
    }

    @Test
    void refuseAnArchivedPrice() {
        calls.account().archive("price_pro");

        var refused = calls.post(PATH, CHECKOUT);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().path("param").asText()).isEqualTo("line_items[0][price]");
        assertThat(refused.error().path("message").asText()).contains("inactive");
    }

    @Test
    void expireOnceAndOnlyWhileTheyAreOpen() {
        var id = calls.post(PATH, CHECKOUT).text("id");
        var paid = calls.post(PATH, CHECKOUT).text("id");
        calls.account().complete(paid);

        var expired = calls.post(PATH + "/" + id + "/expire", Map.of());

        assertThat(expired.text("status")).isEqualTo("expired");
        assertThat(expired.body().path("url").isNull()).isTrue();
        for (var over : List.of(id, paid)) {
            var refused = calls.post(PATH + "/" + over + "/expire", Map.of());
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.error().path("message").asText()).contains("can be expired");
        }
        assertThat(calls.account().complete(id)).isEmpty();
        assertThat(calls.post(PATH + "/cs_test_none/expire", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void expireByThemselvesAfterADay() {
        var id = calls.post(PATH, CHECKOUT).text("id");
        calls.clock().forward(24 * 3600 - 60);
        assertThat(calls.get(PATH + "/" + id).text("status")).isEqualTo("open");

        calls.clock().forward(60);

        assertThat(calls.account().complete(id)).isEmpty();
        assertThat(calls.get(PATH + "/" + id).text("status")).isEqualTo("expired");
        assertThat(calls.get(PATH, Map.of("status", "open")).body().path("data")).isEmpty();
    }

    @Test
    void areListedByCustomerAndStatusAPageAtATime() {
        var customer = calls.customer();
        calls.post(PATH, CHECKOUT);
        for (int i = 0; i < 5; i++) {
            calls.post(PATH, with("customer", customer));
        }
        var newest = calls.post(PATH, with("customer", customer)).text("id");
        var of = Map.of("customer", customer, "status", "open", "limit", "4");

        var first = calls.get(PATH, of).body();

        assertThat(first.path("data")).hasSize(4);
        assertThat(first.path("data").path(0).path("id").asText()).isEqualTo(newest);
        assertThat(first.path("has_more").asBoolean()).isTrue();
        var next = new TreeMap<>(of);
        next.put("starting_after", first.path("data").path(3).path("id").asText());
        var second = calls.get(PATH, next).body();
        assertThat(second.path("data")).hasSize(2);
        assertThat(second.path("has_more").asBoolean()).isFalse();
        assertThat(calls.get(PATH, Map.of("customer", "cus_none")).error().path("param").asText())
                .isEqualTo("customer");
        assertThat(calls.get(PATH, Map.of("limit", "101")).error().path("param").asText()).isEqualTo("limit");
        assertThat(calls.get(PATH, Map.of("starting_after", "cs_none")).error().path("param").asText())
                .isEqualTo("starting_after");
    }

    @Test
    void paidOnesAreASubscriptionOnce() {
        var id = calls.post(PATH, with("customer_email", "jane@example.com")).text("id");

        var events = calls.account().complete(id).orElseThrow();

        assertThat(events).extracting(StripeAccount.Event::type).containsExactly("checkout.session.completed",
                "customer.subscription.created", "invoice.paid");
        assertThat(calls.account().complete(id)).isEmpty();
        var session = calls.get(PATH + "/" + id);
        assertThat(session.text("status")).isEqualTo("complete");
        assertThat(session.text("payment_status")).isEqualTo("paid");
        var subscription = calls.get("/v1/subscriptions/" + session.text("subscription"));
        assertThat(subscription.text("status")).isEqualTo("active");
        assertThat(subscription.text("customer")).isEqualTo(session.text("customer"));
        assertThat(subscription.body().path("metadata").path("external_id").asText()).isEqualTo("jane");
        assertThat(subscription.body().path("items").path("data").path(0).path("price").path("id").asText())
                .isEqualTo("price_pro");
    }

    @Test
    void aPendingPaymentGivesAnIncompleteSubscription() {
        var id = calls.post(PATH, CHECKOUT).text("id");

        calls.account().completeWithoutPayment(id);

        var session = calls.get(PATH + "/" + id);
        assertThat(session.text("status")).isEqualTo("complete");
        assertThat(session.text("payment_status")).isEqualTo("unpaid");
        assertThat(calls.get("/v1/subscriptions/" + session.text("subscription")).text("status"))
                .isEqualTo("incomplete");
    }

    @Test
    void aTrialNeedsNoPayment() {
        var id = calls.post(PATH, with("subscription_data[trial_period_days]", "14")).text("id");

        calls.account().complete(id);

        var session = calls.get(PATH + "/" + id);
        assertThat(session.text("payment_status")).isEqualTo("no_payment_required");
        var subscription = calls.get("/v1/subscriptions/" + session.text("subscription")).body();
        assertThat(subscription.path("status").asText()).isEqualTo("trialing");
        assertThat(subscription.path("trial_end").asLong() - subscription.path("created").asLong())
                .isEqualTo(14 * 24 * 3600);
    }

    @Test
    void aSessionOfADeletedCustomerCannotBeCompleted() {
        var customer = calls.customer();
        var id = calls.post(PATH, with("customer", customer)).text("id");
        calls.account().deleteCustomer(customer);

        assertThat(calls.account().complete(id)).isEmpty();
    }

    private static Map<String, String> with(String name, String value) {
        var parameters = new TreeMap<>(CHECKOUT);
        parameters.put(name, value);
        return parameters;
    }
}
