package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.standin.stripe.StripeAccount;

/** The subscription that counts, the plan that it gives, and the outcome if somebody pays for nothing. */
@Timeout(120)
class PlanThatCountsTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private final String userId = BILLING.user();
    private final StripeWebhookHandler webhook = new StripeWebhookHandler(BILLING::variable);

    @AfterEach
    void heal() {
        BILLING.secret(BillingFixture.KEY, BillingFixture.WEBHOOK_SECRET);
    }

    @Test
    void m6ANewerSubscriptionThatIsNoPlanTakesNoneAway() {
        subscribed("pro");

        send(BILLING.account().subscribe(BILLING.customerId(userId), List.of("price_addon"),
                Map.of("external_id", userId)));
        assertPlan("pro", "active");
        send(BILLING.account().subscribe(BILLING.customerId(userId), List.of("price_newspaper"), Map.of()));
        assertPlan("pro", "active");
    }

    @Test
    void m7AtAPriceThatIsNoPlanThePlanStaysAndTheOperatorIsToldEachTime() {
        var subscriptionId = subscribed("pro");

        for (int i = 0; i < 2; i++) {
            var response = send(BILLING.account().change(subscriptionId, "price_unknown"));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.log().string("outcome")).contains("unknown_price");
            assertThat(response.log().string("level")).contains("ERROR");
            assertThat(response.log().get("without_plan")).isEqualTo(List.of(subscriptionId));
        }
        assertPlan("pro", "active");
    }

    @Test
    void m7TheMetadataIsNoPlan() {
        var response = send(BILLING.account().subscribe("price_unknown",
                Map.of("external_id", userId, "plan", "platinum")));

        assertThat(response.log().string("outcome")).contains("unknown_price");
        assertPlan("free", "active");
    }

    @Test
    void m7APlanThatIsNoLongerConfiguredIsNotKept() {
        var subscriptionId = subscribed("team");
        var environment = Map.of("STRIPE_PLANS", "pro=price_pro");
        var without = new StripeWebhookHandler(
                BILLING.with(environment));

        BILLING.send(without, BILLING.account().updated(subscriptionId));

        assertPlan("free", "active");
    }

    @Test
    void m8AFurtherPriceOfAPlanIsRecognised() {
        var environment = Map.of("STRIPE_PLANS", "pro=price_pro|price_pro_yearly,team=price_team");
        var handler = new StripeWebhookHandler(
                BILLING.with(environment));

        BILLING.send(handler, BILLING.account().subscribe("price_pro_yearly", Map.of("external_id", userId)));

        assertPlan("pro", "active");
    }

    @Test
    void m9WhoPaysAndIsNotKnownIsAnError() {
        var events = BILLING.subscribe(userId, "pro");
        BILLING.delete(userId);

        for (var event : events) {
            var response = send(event);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.log().string("outcome")).contains("unknown_payer");
            assertThat(response.log().string("level")).contains("ERROR");
            assertThat(response.log().string("subscription_id")).isPresent();
        }
    }

    @Test
    void m9AnotherProductsPayerRingsNot() {
        var another = send(BILLING.account().subscribe("price_newspaper", Map.of()));
        var ended = send(BILLING.account().cancel(BillingFixture.subscriptionId(
                List.of(BILLING.account().subscribe("price_pro", Map.of("external_id", "nobody"))))));

        assertThat(another.log().string("outcome")).contains("ok");
        assertThat(another.log().string("reason")).contains("another product's subscription");
        assertThat(ended.log().string("outcome")).contains("ok");
    }

    @Test
    void m11ASubscriptionFromTheDashboardIsFoundByItsCustomer() {
        BILLING.checkout(userId, "pro");

        var response = send(
                BILLING.account().subscribe(BILLING.customerId(userId), List.of("price_team"), Map.of()));

        assertThat(response.log().string("effect")).contains("applied");
        assertPlan("team", "active");
    }

    @Test
    void m11ACustomerFromTheDashboardBecomesTheUsers() {
        var event = BILLING.account().subscribe("price_pro", Map.of("external_id", userId));
        send(event);

        assertThat(BILLING.checkout(userId, "team").status()).isEqualTo(400);
        assertThat(BILLING.account().subscriptions(BILLING.customerId(userId))).hasSize(1);
    }

    @Test
    void m12AProvedBodyMayHoldTheReplacementCharacter() {
        var event = BILLING.subscribe(userId, "pro").getFirst();
        var named = new StripeAccount.Event(event.id(), event.type(),
                event.json().replaceFirst("\\{", "{\"name\": \"J\uFFFDne\","));

        assertThat(send(named).status()).isEqualTo(200);

        assertPlan("pro", "active");
    }

    @Test
    void m13EventsOfTheOtherModeAndOfConnectedAccountsAreTakenAndIgnored() {
        var event = BILLING.subscribe(userId, "pro").getFirst();
        int requests = BILLING.stripe().requests().size();

        for (var foreign : List.of(event.ofOtherMode(), event.ofConnectedAccount("acct_1"))) {
            var response = send(foreign);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.log().string("effect")).contains("ignored");
            assertThat(response.log().string("outcome")).contains("ok");
        }
        assertThat(BILLING.stripe().requests()).hasSize(requests);
        assertThat(BILLING.profile(userId)).doesNotContainKey("plan");
    }

    @Test
    void m14AnEndThatIsDecidedIsRecorded() {
        var subscriptionId = subscribed("pro");
        var end = BILLING.account().periodEnd(subscriptionId).minusSeconds(25 * 24 * 3600);

        send(BILLING.account().cancelAt(subscriptionId, end));

        assertThat(BILLING.profile(userId).get("cancel_at").s()).isEqualTo(end.toString());
        assertThat(BILLING.profile(userId).get("cancel_at_period_end").bool()).isTrue();
    }

    @Test
    void m17AnEventThatIsSentAgainRepairs() {
        var events = BILLING.subscribe(userId, "pro");
        send(events.getFirst());
        var broken = new HashMap<>(BILLING.profile(userId));
        broken.put("plan", AttributeValue.fromS("free"));
        BILLING.tables().put("Users", broken);

        assertThat(send(events.getFirst()).log().string("effect")).contains("applied");

        assertPlan("pro", "active");
    }

    @Test
    void m20ALongBodyIsRefusedBeforeItsSignatureIsComputed() {
        var long5 = "{\"x\":\"" + "x".repeat(5_500_000) + "\"}";
        var signed = BILLING.invoke(webhook, BillingFixture.webhookEvent(long5,
                new StripeAccount.Event("evt_1", "x", long5).signature(BillingFixture.WEBHOOK_SECRET, Instant.now())));

        assertThat(signed.status()).isEqualTo(413);
    }

    @Test
    void m22TheStatusCountsBeforeTheAge() {
        var older = subscribed("pro");
        var newer = BILLING.subscribeInDashboard(userId, "price_pro");
        var newerId = BillingFixture.subscriptionId(newer);
        send(BILLING.account().failPayment(newerId).getFirst());

        assertThat(BILLING.profile(userId).get("stripe_subscription_id").s()).isEqualTo(older);
        assertPlan("pro", "active");
    }

    @Test
    void m22TheHigherPlanCountsBeforeTheNewer() {
        BILLING.checkout(userId, "pro");
        BILLING.subscribeInDashboard(userId, "price_team").forEach(this::send);
        BILLING.subscribeInDashboard(userId, "price_pro").forEach(this::send);

        assertPlan("team", "active");
    }

    @Test
    void m22ATrialsEndIsRecorded() {
        var subscriptionId = subscribed("pro");
        var end = Instant.ofEpochSecond(1_900_000_000);

        send(BILLING.account().startTrial(subscriptionId, end));

        assertThat(BILLING.profile(userId).get("trial_end").s()).isEqualTo(end.toString());
        assertPlan("pro", "trialing");
    }

    @Test
    void aPausedCollectionChangesNothing() {
        send(BILLING.account().pauseCollection(subscribed("pro")));

        assertPlan("pro", "active");
    }

    @Test
    void theItemOfAPlanCountsAmongSeveral() {
        var subscriptionId = subscribed("pro");

        var response = send(BILLING.account().addItem(subscriptionId, "price_seats"));

        assertThat(response.log().string("outcome")).contains("ok");
        assertPlan("pro", "active");
    }

    private String subscribed(String plan) {
        var events = BILLING.subscribe(userId, plan);
        events.forEach(this::send);
        return BillingFixture.subscriptionId(events);
    }

    private BillingFixture.Response send(StripeAccount.Event event) {
        return BILLING.send(webhook, event);
    }

    private void assertPlan(String plan, String status) {
        assertThat(BILLING.profile(userId).get("plan").s()).isEqualTo(plan);
        assertThat(BILLING.profile(userId).get("subscription_status").s()).isEqualTo(status);
    }
}
