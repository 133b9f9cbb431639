package usersapi.standin.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CustomersTest {

    @RegisterExtension
    final StripeCalls calls = new StripeCalls();

    @Test
    void areMadeChangedAndRetrieved() {
        var created = calls.post("/v1/customers",
                Map.of("email", "jane+x@example.com", "metadata[external_id]", "jane"));
        var id = created.text("id");
        calls.post("/v1/customers/" + id, Map.of("email", "", "metadata[other]", "1"));

        var customer = calls.get("/v1/customers/" + id);

        assertThat(id).startsWith("cus_");
        assertThat(created.text("email")).isEqualTo("jane+x@example.com");
        assertThat(customer.body().path("email").isNull()).isTrue();
        assertThat(customer.body().path("metadata").path("external_id").asText()).isEqualTo("jane");
        assertThat(customer.body().path("metadata").path("other").asText()).isEqualTo("1");
        assertThat(customer.body().has("internal")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "a@b", "a b@example.com", "ä@example.com", "@example.com"})
    void refuseAnAddressThatStripeWouldNotWriteTo(String email) {
        var refused = calls.post("/v1/customers", Map.of("email", email));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().path("code").asText()).isEqualTo("email_invalid");
        assertThat(refused.error().path("param").asText()).isEqualTo("email");
    }

    @ParameterizedTest
    @CsvSource({"email_address,x,parameter_unknown", "metadata,x,parameter_unknown"})
    void refuseWhatTheyDoNotHave(String name, String value, String code) {
        var refused = calls.post("/v1/customers", Map.of(name, value));

        assertThat(refused.error().path("code").asText()).isEqualTo(code);
        assertThat(refused.error().path("param").asText()).isEqualTo(name);
    }

    @Test
    void refuseTooLongMetadata() {
        assertThat(calls.post("/v1/customers", Map.of("metadata[" + "k".repeat(41) + "]", "x")).status())
                .isEqualTo(400);
        assertThat(calls.post("/v1/customers", Map.of("metadata[k]", "x".repeat(501))).status()).isEqualTo(400);
    }

    @Test
    void aDeletedOneCanBeRetrievedAndNothingElse() {
        var id = calls.customer();
        var subscription = StripeCalls.object(calls.account().subscribe(id, List.of("price_pro"), Map.of()))
                .path("id").asText();

        var deleted = calls.delete("/v1/customers/" + id);

        assertThat(deleted.body().path("deleted").asBoolean()).isTrue();
        assertThat(calls.get("/v1/customers/" + id).body()).isEqualTo(deleted.body());
        assertThat(calls.delete("/v1/customers/" + id).status()).isEqualTo(404);
        assertThat(calls.post("/v1/customers/" + id, Map.of()).status()).isEqualTo(404);
        assertThat(calls.get("/v1/customers").body().path("data")).isEmpty();
        assertThat(calls.get("/v1/subscriptions/" + subscription).text("status")).isEqualTo("canceled");
        var portal = calls.post("/v1/billing_portal/sessions",
                Map.of("customer", id, "return_url", "https://a.example/"));
        assertThat(portal.error().path("code").asText()).isEqualTo("resource_missing");
        assertThat(portal.error().path("param").asText()).isEqualTo("customer");
    }

    @Test
    void areListedByTheirAddressAtOnceAndFoundBySearchAfterAMinute() {
        var id = calls.post("/v1/customers", Map.of("email", "jane@example.com", "metadata[external_id]", "jane"))
                .text("id");
        var query = Map.of("query", "metadata['external_id']:'jane'");

        assertThat(calls.get("/v1/customers", Map.of("email", "jane@example.com")).body().path("data").path(0)
                .path("id").asText()).isEqualTo(id);
        assertThat(calls.get("/v1/customers", Map.of("email", "JANE@example.com")).body().path("data")).isEmpty();
        assertThat(calls.get("/v1/customers/search", query).body().path("data")).isEmpty();
        calls.clock().forward(60);
        assertThat(calls.get("/v1/customers/search", query).body().path("data").path(0).path("id").asText())
                .isEqualTo(id);
        assertThat(calls.get("/v1/customers/search", Map.of("query", "email:\"jane@example.com\"")).body().path("data"))
                .hasSize(1);
        assertThat(calls.get("/v1/customers/search", Map.of("query", "everybody")).status()).isEqualTo(400);
        assertThat(calls.get("/v1/customers/search").error().path("code").asText()).isEqualTo("parameter_missing");
    }
}
