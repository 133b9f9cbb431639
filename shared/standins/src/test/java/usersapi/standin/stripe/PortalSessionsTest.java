package usersapi.standin.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PortalSessionsTest {

    private static final String PATH = "/v1/billing_portal/sessions";
    private static final String FLOW = "flow_data[subscription_update_confirm]";

    @RegisterExtension
    final StripeCalls calls = new StripeCalls();

    private String customer;
    private String subscription;

    @BeforeEach
    void subscribe() {
        customer = calls.customer();
        subscription = StripeCalls.object(calls.account().subscribe(customer, List.of("price_pro"), Map.of()))
                .path("id").asText();
    }

    @Test
    void areOpenedForACustomer() {
        var opened = calls.post(PATH, plain());

        assertThat(opened.status()).isEqualTo(200);
        assertThat(opened.text("url")).isEqualTo(calls.stripe().endpoint() + "/p/session/" + opened.text("id"));
        assertThat(calls.account().portalSession(opened.text("id")).orElseThrow())
                .hasToString(opened.body().toString());
        assertThat(calls.post(PATH, Map.of("customer", "cus_1", "return_url", "https://a.example/")).error()
                .path("code").asText()).isEqualTo("resource_missing");
        assertThat(calls.post(PATH, Map.of("customer", customer)).error().path("param").asText())
                .isEqualTo("return_url");
    }

    @Test
    void needSettingsThatWereSaved() {
        calls.account().portal(PortalSettings.NOT_SAVED);
        assertThat(calls.post(PATH, plain()).error().path("message").asText())
                .contains("test mode default configuration has not been created");

        calls.account().portal(PortalSettings.SAVED);
        assertThat(calls.post(PATH, plain()).status()).isEqualTo(200);
        assertThat(calls.post(PATH, change("price_team")).error().path("message").asText())
                .contains("subscription update feature in the portal configuration is disabled");
    }

    @Test
    void changeThePlanByAFlowThatTheCustomerConfirms() {
        var opened = calls.post(PATH, change("price_team"));

        assertThat(opened.body().path("flow").path("type").asText()).isEqualTo("subscription_update_confirm");
        assertThat(price()).isEqualTo("price_pro");
        assertThat(calls.account().confirm(opened.text("id")).orElseThrow().type())
                .isEqualTo("customer.subscription.updated");
        assertThat(price()).isEqualTo("price_team");
        assertThat(calls.account().confirm(calls.post(PATH, plain()).text("id"))).isEmpty();
    }

    @Test
    void cannotChangeWhatTheFlowCannot() {
        assertThat(calls.post(PATH, change("price_pro")).error().path("message").asText())
                .contains("no changes to confirm");
        assertThat(calls.post(PATH, change("price_none")).error().path("code").asText())
                .isEqualTo("resource_missing");
        assertThat(calls.post(PATH, with(change("price_team"), FLOW + "[subscription]", "sub_1")).error().path("param")
                .asText()).isEqualTo(FLOW + "[subscription]");
        assertThat(calls.post(PATH, with(change("price_team"), FLOW + "[items][0][id]", "si_1")).error().path("param")
                .asText()).isEqualTo(FLOW + "[items][0][id]");
        assertThat(calls.post(PATH, with(change("price_team"), "flow_data[type]", "subscription_pause")).error()
                .path("param").asText()).isEqualTo("flow_data[type]");
        assertThat(calls.post(PATH, with(plain(), "flow_data[after_completion][type]", "redirect")).error()
                .path("param").asText()).isEqualTo("flow_data[type]");
        calls.account().schedule(subscription);
        assertThat(calls.post(PATH, change("price_team")).error().path("message").asText()).contains("schedule");
    }

    @Test
    void cannotChangeSeveralItemsOrWhatHasEnded() {
        var another = calls.account().addItem(subscription, "price_addon");
        assertThat(another.type()).isEqualTo("customer.subscription.updated");
        assertThat(calls.post(PATH, change("price_team")).error().path("message").asText()).contains("multiple items");

        calls.account().cancel(subscription);
        assertThat(calls.post(PATH, change("price_team")).error().path("message").asText()).contains("canceled");
    }

    private String price() {
        return item().path("price").path("id").asText();
    }

    private JsonNode item() {
        return calls.get("/v1/subscriptions/" + subscription).body().path("items").path("data").path(0);
    }

    private Map<String, String> plain() {
        return Map.of("customer", customer, "return_url", "https://a.example/");
    }

    private Map<String, String> change(String price) {
        var flow = new TreeMap<>(plain());
        flow.put("flow_data[type]", "subscription_update_confirm");
        flow.put(FLOW + "[subscription]", subscription);
        flow.put(FLOW + "[items][0][id]", item().path("id").asText());
        flow.put(FLOW + "[items][0][price]", price);
        return flow;
    }

    private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        var changed = new TreeMap<>(parameters);
        changed.put(name, value);
        return changed;
    }
}
