package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.json.JsonObject;
import usersapi.standin.MovingClock;
import usersapi.standin.stripe.Fault;

@Timeout(120)
class GetCheckoutSessionHandlerTest {

    private static final MovingClock CLOCK = new MovingClock();

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture(CLOCK);

    private final String userId = BILLING.user();
    private final GetCheckoutSessionHandler handler = new GetCheckoutSessionHandler(BILLING::variable);

    @AfterEach
    void heal() {
        BILLING.stripe().heal();
    }

    @Test
    void anOpenOneIsNotPaid() {
        assertStatus(checkout("team"), "{\"status\":\"open\",\"paid\":false,\"plan\":\"team\"}");
        assertThat(BILLING.stripe().requests().getLast().parameters()).containsEntry("expand[0]", "line_items");
    }

    @Test
    void aCompletedOneIsPaidBeforeItsEventCame() {
        var sessionId = checkout("pro");
        BILLING.account().complete(sessionId);

        assertStatus(sessionId, "{\"status\":\"complete\",\"paid\":true,\"plan\":\"pro\"}");
    }

    @Test
    void aDebitIsCompleteAndNotPaidYet() {
        var sessionId = checkout("pro");
        BILLING.account().completeWithoutPayment(sessionId);

        assertStatus(sessionId, "{\"status\":\"complete\",\"paid\":false,\"plan\":\"pro\"}");
    }

    @Test
    void aTrialCountsAsPaid() {
        var onTrial = new CreateCheckoutSessionHandler(BILLING.with("STRIPE_TRIAL_DAYS", "14"));
        var sessionId = BILLING.invoke(onTrial, BillingFixture.event("create-checkout-session", userId)).body()
                .string("session_id").orElseThrow();
        BILLING.account().complete(sessionId);

        assertStatus(sessionId, "{\"status\":\"complete\",\"paid\":true,\"plan\":\"pro\"}");
    }

    @Test
    void anOldOneHasExpired() {
        var sessionId = checkout("pro");
        CLOCK.forward(24 * 3600);

        assertStatus(sessionId, "{\"status\":\"expired\",\"paid\":false,\"plan\":\"pro\"}");
    }

    @Test
    void aPriceThatIsNoPlansAnyMoreNamesNone() {
        var sessionId = checkout("pro");
        var reconfigured = new GetCheckoutSessionHandler(BILLING.with(Map.of("STRIPE_PLANS", "team=price_team")));

        assertThat(BILLING.invoke(reconfigured, event(userId, sessionId)).body().toJson())
                .isEqualTo("{\"status\":\"open\",\"paid\":false,\"plan\":null}");
    }

    @Test
    void anotherUsersIsNotFound() {
        var sessionId = checkout("pro");

        assertNotFound(BILLING.user(), sessionId);
    }

    /** The address of a payment link can set the reference, but no metadata. */
    @Test
    void oneThatOnlyRefersToTheUserIsNotFound() {
        var sessionId = BILLING.account().openPaymentLink("price_pro", userId);

        assertNotFound(userId, sessionId);
    }

    @Test
    void anUnknownOneIsNotFound() {
        assertNotFound(userId, "cs_test_unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "cs_", "cs_a%2f..", "cs_test_1/line_items", "sub_1", "cs_ü", "cs_test_1 ", ""})
    void aMalformedIdIsNotSentToStripe(String id) {
        int before = BILLING.stripe().requests().size();

        assertNotFound(userId, id);

        assertThat(BILLING.stripe().requests()).hasSize(before);
    }

    @Test
    void itCountsAsARequest() {
        var sessionId = checkout("pro");
        var limited = new GetCheckoutSessionHandler(BILLING.with("STRIPE_REQUESTS_PER_MINUTE", "1"));

        // A minute may end between two of them.
        var responses = Stream.generate(() -> BILLING.invoke(limited, event(userId, sessionId))).limit(3).toList();

        assertThat(responses).filteredOn(response -> response.status() == 429).isNotEmpty()
                .allSatisfy(response -> assertThat(response.body().toJson())
                        .isEqualTo("{\"message\":\"Too many requests\"}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "DECLINED", "PAGE", "EMPTY_OBJECT", "NULL", "HALF"})
    void everyFaultyAnswerOfStripeIsA400(Fault fault) {
        var sessionId = checkout("pro");
        BILLING.stripe().fail(fault, fault, fault);

        var response = BILLING.invoke(handler, event(userId, sessionId));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Unexpected error\"}");
        assertThat(response.log().string("outcome")).contains("stripe_failed");
    }

    private String checkout(String plan) {
        return BILLING.checkout(userId, plan).body().string("session_id").orElseThrow();
    }

    private void assertStatus(String sessionId, String body) {
        var response = BILLING.invoke(handler, event(userId, sessionId));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().toJson()).isEqualTo(body);
    }

    private void assertNotFound(String caller, String sessionId) {
        var response = BILLING.invoke(handler, event(caller, sessionId));

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Not Found\"}");
    }

    private static JsonObject event(String caller, String sessionId) {
        var event = BillingFixture.event("get-checkout-session", caller);
        event.object("pathParameters").put("session_id", sessionId);
        return event;
    }
}
