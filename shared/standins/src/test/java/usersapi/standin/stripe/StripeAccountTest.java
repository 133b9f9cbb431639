package usersapi.standin.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StripeAccountTest {

    @RegisterExtension
    final StripeCalls calls = new StripeCalls();

    @Test
    void sendsEventsInTheVersionOfTheEndpoint() {
        var id = StripeCalls.object(calls.account().subscribe("price_pro", Map.of())).path("id").asText();

        var now = StripeCalls.object(calls.account().pay(id).getFirst());
        calls.account().eventVersion("2024-06-20");
        var before = StripeCalls.object(calls.account().pay(id).getFirst());

        assertThat(now.path("parent").path("subscription_details").path("subscription").asText()).isEqualTo(id);
        assertThat(now.has("subscription")).isFalse();
        assertThat(before.path("subscription").asText()).isEqualTo(id);
        assertThat(before.has("subscription_details")).isTrue();
        assertThat(before.has("parent")).isFalse();
        assertThat(StripeCalls.object(calls.account().cancel(id)).has("current_period_end")).isTrue();
    }

    @Test
    void sendsEventsOfTheOtherModeAndOfConnectedAccounts() throws IOException {
        var event = calls.account().other("customer.updated");

        assertThat(new JsonMapper().readTree(event.json()).path("livemode").asBoolean(true)).isFalse();
        assertThat(new JsonMapper().readTree(event.ofOtherMode().json()).path("livemode").asBoolean()).isTrue();
        assertThat(new JsonMapper().readTree(event.ofConnectedAccount("acct_1").json()).path("account").asText())
                .isEqualTo("acct_1");
        assertThat(event.ofConnectedAccount("acct_1").id()).isEqualTo(event.id());
    }

    @Test
    void signsAsStripeDocumentsIt() {
        // Computed by openssl dgst -sha256 -hmac whsec_test over 1767225600.{}
        assertThat(new StripeAccount.Event("evt_1", "x", "{}").signature("whsec_test",
                Instant.ofEpochSecond(1_767_225_600)))
                .isEqualTo("t=1767225600,v1=4a942ef9477fb7b15b98664cf7ff2c2543984c1fa6bdf3520b48dcb25bcd1fe4");
    }
}
