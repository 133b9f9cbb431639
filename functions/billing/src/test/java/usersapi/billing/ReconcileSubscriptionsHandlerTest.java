package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.standin.stripe.Fault;
import usersapi.testing.RecordingContext;

@Timeout(120)
class ReconcileSubscriptionsHandlerTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private final String userId = BILLING.user();
    private final ReconcileSubscriptionsHandler handler = new ReconcileSubscriptionsHandler(BILLING::variable);

    @AfterEach
    void heal() {
        BILLING.stripe().heal();
    }

    @Test
    void m18FindsASubscriptionOfWhichNoEventCame() {
        BILLING.subscribe(userId, "pro");

        var answer = invoke(new JsonObject().put("external_id", userId));

        assertThat(answer.toJson()).isEqualTo("{\"message\":\"ok\",\"users\":1,\"failed\":0,\"next\":null}");
        assertPlan("pro", "active");
    }

    @Test
    void m18NoticesAnEndOfWhichNoEventCame() {
        var events = BILLING.subscribe(userId, "pro");
        events.forEach(event -> BILLING.send(new StripeWebhookHandler(BILLING::variable), event));
        BILLING.account().cancel(BillingFixture.subscriptionId(events));
        assertPlan("pro", "active");

        invoke(new JsonObject().put("external_id", userId));

        assertPlan("free", "canceled");
    }

    @Test
    void m18GoesThroughAllCustomers() {
        BILLING.subscribe(userId, "pro");
        var other = BILLING.user();
        BILLING.subscribe(other, "team");

        var answer = invoke(new JsonObject().put("all", true));

        assertThat((Long) answer.get("users")).isGreaterThanOrEqualTo(2);
        assertThat(answer.get("next")).isNull();
        assertPlan("pro", "active");
        assertThat(BILLING.profile(other).get("plan").s()).isEqualTo("team");
    }

    @Test
    void goesOnFromItsNextWhereTimeRanOut() {
        for (var id : List.of(userId, BILLING.user())) {
            BILLING.subscribe(id, "pro");
        }
        var input = new JsonObject().put("all", true);

        var first = BillingFixture.object(
                new RecordingContext("Probe", Duration.ofSeconds(29)).invoke(handler, input.toJson()));
        var second = invoke(input.put("from", first.string("next").orElseThrow()));

        assertThat(first.get("users")).isEqualTo(1L);
        assertThat((Long) second.get("users")).isPositive();
        assertThat(second.get("next")).isNull();
        assertPlan("pro", "active");
    }

    @Test
    void ofASegmentItNamesTheUserForWhomStripeDoesNotAnswer() {
        BILLING.subscribe(userId, "pro");
        BILLING.stripe().fail(Fault.REFUSED);
        var context = new RecordingContext("Probe");

        var answer = BillingFixture.object(context.invoke(handler, "{\"all\":true,\"segment\":1,\"segments\":1}"));

        assertThat(answer.get("failed")).isEqualTo(1L);
        assertThat(context.lines()).filteredOn(line -> line.contains("stripe_failure")).singleElement()
                .satisfies(line -> assertThat(BillingFixture.object(line).get("user_id"))
                        .isIn((List<?>) answer.get("failed_users")));
        assertThat(context.lines()).last().asString().contains("\"level\":\"ERROR\"");
    }

    @Test
    void m18OfTheLapsedItAsksAboutThoseWhosePeriodHasEndedAndNoOther() {
        var lapsed = subscribed(userId, "2020-01-01T00:00:00Z", "active");
        var current = subscribed(BILLING.user(), "2120-01-01T00:00:00Z", "active");
        var ended = subscribed(BILLING.user(), "2020-01-01T00:00:00Z", "canceled");
        int before = BILLING.stripe().requests().size();

        var answer = invoke(new JsonObject().put("all", true).put("lapsed", true));

        assertThat(answer.toJson()).isEqualTo("{\"message\":\"ok\",\"users\":1,\"failed\":0,\"next\":null}");
        assertThat(BILLING.stripe().requests().stream().skip(before)
                .map(request -> request.parameters().get("customer")))
                .contains(lapsed).doesNotContain(current, ended);
        assertThat(BILLING.profile(userId).get("current_period_end").s()).isGreaterThan("2026");
    }

    @Test
    void lapsedGoesWithAllOnly() {
        for (var event : List.of(new JsonObject().put("external_id", userId).put("lapsed", true),
                new JsonObject().put("all", true).put("lapsed", "yes"),
                new JsonObject().put("all", true).put("lapsed", null))) {
            assertThat(invoke(event).string("detail"))
                    .contains("lapsed: must be true or false, and goes with all: true");
        }
    }

    @Test
    void makesAUserTheCustomerWhoPaysForThem() {
        var subscriptionId = BillingFixture.subscriptionId(List.of(
                BILLING.account().subscribe("price_pro", Map.of("external_id", userId))));
        BILLING.account().pay(subscriptionId);
        var profile = new HashMap<>(BILLING.profile(userId));
        profile.put("stripe_subscription_ids", AttributeValue.fromSs(List.of(subscriptionId)));
        BILLING.tables().put("Users", profile);

        invoke(new JsonObject().put("external_id", userId));

        assertPlan("pro", "active");
        assertThat(BILLING.customerId(userId)).startsWith("cus_");
    }

    /** Makes a subscriber with this recorded period and status; returns the customer. */
    private static String subscribed(String userId, String periodEnd, String status) {
        BILLING.subscribe(userId, "pro")
                .forEach(event -> BILLING.send(new StripeWebhookHandler(BILLING::variable), event));
        var profile = new HashMap<>(BILLING.profile(userId));
        profile.put("current_period_end", AttributeValue.fromS(periodEnd));
        profile.put("subscription_status", AttributeValue.fromS(status));
        BILLING.tables().put("Users", profile);
        return BILLING.customerId(userId);
    }

    @Test
    void namesWhoPaysForNothingOrTwice() {
        BILLING.checkout(userId, "pro");
        BILLING.account().subscribe(BILLING.customerId(userId), List.of("price_pro"), Map.of());
        BILLING.account().subscribe(BILLING.customerId(userId), List.of("price_team"), Map.of());
        var context = new RecordingContext("Probe");

        context.invoke(handler, new JsonObject().put("external_id", userId).toJson());

        assertThat(context.lines())
                .anyMatch(line -> line.contains("\"paid_subscriptions\":2") && line.contains(userId));
        assertThat(context.lines().getLast()).contains("\"outcome\":\"paid_twice\"");
    }

    @Test
    void nothingIsWrittenForAUserForWhomStripeDoesNotAnswer() {
        BILLING.subscribe(userId, "pro");
        var before = new HashMap<>(BILLING.profile(userId));
        BILLING.stripe().fail(Fault.REFUSED);

        var answer = invoke(new JsonObject().put("external_id", userId));

        assertThat(answer.get("failed")).isEqualTo(1L);
        assertThat(BILLING.profile(userId)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"all\":false}", "{\"external_id\":5}", "{\"all\":true,\"external_id\":\"u\"}",
            "{\"all\":true,\"from\":\"nowhere\"}"})
    void saysWhatToCorrect(String event) {
        assertThat(BillingFixture.object(new RecordingContext("Probe").invoke(handler, event)).string("message"))
                .contains("Unexpected error");
    }

    private JsonObject invoke(JsonObject event) {
        return BillingFixture.object(new RecordingContext("Probe").invoke(handler, event.toJson()));
    }

    private void assertPlan(String plan, String status) {
        assertThat(BILLING.profile(userId).get("plan").s()).isEqualTo(plan);
        assertThat(BILLING.profile(userId).get("subscription_status").s()).isEqualTo(status);
    }
}
