package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.Stripe;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.standin.stripe.Fault;
import usersapi.standin.stripe.LocalStripe;

@Timeout(60)
class CreateCheckoutSessionHandlerTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private final String userId = BILLING.user();
    private final CreateCheckoutSessionHandler handler = new CreateCheckoutSessionHandler(BILLING::variable);

    @AfterEach
    void heal() {
        BILLING.stripe().heal();
    }

    @Test
    void opensACheckoutOfThePlanForTheUser() {
        var response = checkout(userId, "pro");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().members().keySet()).containsExactly("message", "session_id", "url");
        assertThat(response.body().string("message")).contains("ok");
        var id = response.body().string("session_id").orElseThrow();
        assertThat(id).startsWith("cs_test_");
        assertThat(response.body().string("url")).contains(BILLING.stripe().endpoint() + "/c/pay/" + id);

        var requests = BILLING.stripe().requests();
        var made = requests.subList(requests.size() - 4, requests.size());
        assertThat(made).extracting(request -> request.method() + " " + request.path()).containsExactly(
                "POST /v1/customers", "GET /v1/subscriptions", "GET /v1/checkout/sessions",
                "POST /v1/checkout/sessions");
        assertThat(made.getFirst().parameters()).containsExactlyInAnyOrderEntriesOf(
                Map.of("email", userId + "@example.com", "metadata[external_id]", userId));
        var customerId = BILLING.customerId(userId);
        assertThat(made.get(1).parameters()).containsEntry("customer", customerId).containsEntry("status", "all");
        assertThat(made.get(2).parameters()).containsEntry("customer", customerId).containsEntry("status", "open");
        assertThat(made.get(3).parameters()).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                Map.entry("mode", "subscription"), Map.entry("line_items[0][price]", "price_pro"),
                Map.entry("line_items[0][quantity]", "1"), Map.entry("client_reference_id", userId),
                Map.entry("metadata[external_id]", userId), Map.entry("metadata[checkout]", "1"),
                Map.entry("subscription_data[metadata][external_id]", userId), Map.entry("customer", customerId),
                Map.entry("success_url",
                        "https://app.example.com/billing/success?session_id={CHECKOUT_SESSION_ID}"),
                Map.entry("cancel_url", "https://app.example.com/billing/cancel")));
        assertThat(made.get(3).headers()).containsEntry("authorization", "Bearer " + BillingFixture.KEY)
                .containsEntry("stripe-version", Stripe.API_VERSION);
        assertThat(made.get(3).headers().get("idempotency-key")).matches("checkout-[0-9a-f]{64}");
    }

    @Test
    void aBearerNeedsNoCsrfTokenAndASessionDoes() {
        var bearer = BillingFixture.event("create-checkout-session", userId);
        bearer.object("requestContext").object("authorizer").put("credential", "BEARER").put("csrfVerified", "false");
        var session = BillingFixture.event("create-checkout-session", userId);
        session.object("requestContext").object("authorizer").put("csrfVerified", "false");

        assertThat(BILLING.invoke(handler, bearer).status()).isEqualTo(200);
        assertThat(BILLING.invoke(handler, session).status()).isEqualTo(403);
    }

    @Test
    void aDoubleClickGivesTheSameCheckout() {
        var first = checkout(userId, "pro");
        var second = checkout(userId, "pro");

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body().toJson()).isEqualTo(first.body().toJson());
        assertThat(checkout(userId, "team").body().string("session_id"))
                .isNotEqualTo(first.body().string("session_id"));
        assertThat(checkout(BILLING.user(), "pro").body().string("session_id"))
                .isNotEqualTo(first.body().string("session_id"));
    }

    @Test
    void manyClicksAtOnceGiveOneCheckout() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var answers = threads.invokeAll(IntStream.range(0, 8).<Callable<BillingFixture.Response>>mapToObj(
                    i -> () -> BILLING.invoke(new CreateCheckoutSessionHandler(BILLING::variable),
                            event(userId, "pro")))
                    .toList());
            assertThat(answers).extracting(answer -> answer.get().body().string("session_id").orElse("none"))
                    .containsOnly(checkout(userId, "pro").body().string("session_id").orElseThrow());
        }
    }

    @Test
    void aUserWhoPaidAndCancelledGetsANewCheckout() {
        BILLING.send(new StripeWebhookHandler(BILLING::variable), BILLING.account().cancel(subscribed(userId, "pro")));
        var first = checkout(userId, "pro");
        BILLING.send(new StripeWebhookHandler(BILLING::variable), BILLING.account().cancel(subscribed(userId, "pro")));

        var next = checkout(userId, "pro");

        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body().string("session_id")).isNotEqualTo(first.body().string("session_id"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"{}|plan: required",
            "{\"plan\":\"gold\"}|plan: unknown plan \"gold\"", "{\"plan\":\"\"}|plan: unknown plan \"\"",
            "{\"plan\":\"PRO\"}|plan: unknown plan \"PRO\"",
            "{\"plan\":\"price_pro\"}|plan: unknown plan \"price_pro\"",
            "{\"plan\":null}|plan: must be a string", "{\"plan\":5}|plan: must be a string",
            "{\"plan\":[\"pro\"]}|plan: must be a string", "{\"plan\":{\"id\":\"pro\"}}|plan: must be a string",
            "[]|body: not a JSON object", "~~|body: empty", "{\"plan\":|body: not valid JSON at line 1 column 9"})
    void saysWhatToCorrect(String body, String detail) {
        int requests = BILLING.stripe().requests().size();

        var response = BILLING.invoke(handler,
                BillingFixture.event("create-checkout-session", userId).put("body", body));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().string("message")).contains("Unexpected error");
        assertThat(response.body().string("detail")).contains(detail);
        assertThat(BILLING.stripe().requests()).hasSize(requests);
    }

    @Test
    void anUnknownUserIsUnauthorized() {
        var anonymous = BillingFixture.event("create-checkout-session", userId);
        anonymous.object("requestContext").put("authorizer", null);

        for (var response : new BillingFixture.Response[]{checkout("nobody", "pro"),
                BILLING.invoke(handler, anonymous)}) {
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Unauthorized\"}");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void everyFaultyAnswerOfStripeIsA400AndOneLogLine(Fault fault) {
        BILLING.stripe().fail(fault, fault, fault);
        int lines = BILLING.logLines().size();

        var response = checkout(userId, "pro");

        assertFailed(response, lines);
    }

    @Test
    void theLogSaysHowStripeRefused() {
        BILLING.stripe().fail(Fault.RATE_LIMITED);
        int requests = BILLING.stripe().requests().size();

        var log = checkout(userId, "pro").log();

        assertThat(log.string("stripe_request_id")).contains("req_rate_limited");
        assertThat(log.string("stripe_code")).contains("rate_limit");
        assertThat(log.get("stripe_status")).isEqualTo(429L);
        assertThat(log.string("user_id")).contains(userId);
        // With a Retry-After of an hour it does not try again.
        assertThat(BILLING.stripe().requests()).hasSize(requests + 1);
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainWithTheSameIdempotencyKey() {
        BILLING.stripe().fail(Fault.LOST);
        int requests = BILLING.stripe().requests().size();

        assertThat(checkout(userId, "pro").status()).isEqualTo(200);

        var tried = BILLING.stripe().requests().stream().skip(requests)
                .filter(request -> request.path().equals("/v1/customers")).toList();
        assertThat(tried).extracting(request -> request.headers().get("idempotency-key")).hasSize(2)
                .containsOnly(tried.getFirst().headers().get("idempotency-key"));
    }

    @Test
    void aPeerThatRefusesOrResetsTheConnectionIsA400() throws IOException {
        for (var broken : new BrokenPeer[]{BrokenPeer.refusing(), BrokenPeer.resetting()}) {
            try (broken) {
                int lines = BILLING.logLines().size();
                var unreachable = new CreateCheckoutSessionHandler(BILLING.with("STRIPE_API_BASE", broken.endpoint()));
                assertFailed(BILLING.invoke(unreachable, event(userId, "pro")), lines);
            }
        }
    }

    @Test
    void aRotatedKeyIsFetchedWhenStripeRefusesTheOldOne() {
        assertThat(checkout(userId, "pro").status()).isEqualTo(200);
        try {
            BILLING.stripe().roll("rk_test_new");
            int lines = BILLING.logLines().size();
            int requests = BILLING.stripe().requests().size();
            assertFailed(checkout(userId, "team"), lines);
            assertThat(BILLING.stripe().requests()).hasSize(requests + 1);

            BILLING.secret("rk_test_new", BillingFixture.WEBHOOK_SECRET);
            assertThat(checkout(userId, "team").status()).isEqualTo(200);
            assertThat(lastRequest().headers()).containsEntry("authorization", "Bearer rk_test_new");
        } finally {
            BILLING.stripe().roll(BillingFixture.KEY);
            BILLING.secret(BillingFixture.KEY, BillingFixture.WEBHOOK_SECRET);
        }
    }

    @Test
    void aSecretThatNobodyHasFilledInIsNamedInTheLog() {
        int requests = BILLING.stripe().requests().size();
        for (var secret : new String[]{"{\"api_key\":\"\",\"webhook_secrets\":\"\",\"placeholder\":\"x\"}", "nonsense",
                "[]", "{\"api_key\":5}"}) {
            BILLING.tables().putSecret(BILLING.variable("STRIPE_SECRET"), secret);
            try {
                var response = BILLING.invoke(new CreateCheckoutSessionHandler(BILLING::variable),
                        event(userId, "pro"));
                assertThat(response.status()).isEqualTo(400);
                assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Unexpected error\"}");
                assertThat(response.log().string("level")).contains("ERROR");
                assertThat(response.log().string("stripe_failure"))
                        .contains("the secret that STRIPE_SECRET names holds no \"api_key\": put Stripe's there");
            } finally {
                BILLING.secret(BillingFixture.KEY, BillingFixture.WEBHOOK_SECRET);
            }
        }
        assertThat(BILLING.stripe().requests()).hasSize(requests);
    }

    private void assertFailed(BillingFixture.Response response, int lines) {
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Unexpected error\"}");
        assertThat(response.log().string("stripe_failure").orElseThrow()).isNotBlank();
        assertThat(BILLING.logLines()).hasSize(lines + 1);
        assertThat(BILLING.logLines().getLast()).contains("\"level\":\"ERROR\"", "\"stripe_request_id\":")
                .doesNotContain("rk_test_", "@example.com", "Sorry", "Slow down", "hotel");
    }

    private static String subscribed(String userId, String plan) {
        var events = BILLING.subscribe(userId, plan);
        events.forEach(event -> assertThat(BILLING.send(new StripeWebhookHandler(BILLING::variable), event).status())
                .isEqualTo(200));
        return BillingFixture.subscriptionId(events);
    }

    private BillingFixture.Response checkout(String userId, String plan) {
        return BILLING.invoke(handler, event(userId, plan));
    }

    private static JsonObject event(String userId, String plan) {
        return BillingFixture.event("create-checkout-session", userId).put("body",
                new JsonObject().put("plan", plan).toJson());
    }

    private static LocalStripe.Request lastRequest() {
        return BILLING.stripe().requests().getLast();
    }
}
