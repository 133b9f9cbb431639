package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.secret.CachedSecret;
import usersapi.standin.MovingClock;
import usersapi.standin.stripe.Fault;
import usersapi.standin.stripe.StripeAccount;
import usersapi.testing.RecordingContext;
import usersapi.wiring.CoreModule;

@Timeout(60)
class StripeWebhookHandlerTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private static final String SECRET = BillingFixture.WEBHOOK_SECRET;

    private final String userId = BILLING.user();
    private final StripeWebhookHandler webhook = new StripeWebhookHandler(BILLING::variable);

    @AfterEach
    void heal() {
        BILLING.stripe().heal();
        BILLING.stripe().roll(BillingFixture.KEY);
        BILLING.account().eventVersion("2026-07-29.dahlia");
        BILLING.secret(BillingFixture.KEY, SECRET);
    }

    @Test
    void aPaidCheckoutGivesTheUserThePlanAndLeavesTheRestAlone() {
        var events = BILLING.subscribe(userId, "pro");
        var subscriptionId = BillingFixture.subscriptionId(events);
        var before = BILLING.profile(userId);

        var response = send(events.getFirst());

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"ok\"}");
        assertThat(response.log().string("effect")).contains("applied");
        assertThat(response.log().string("event_id")).contains(events.getFirst().id());
        assertThat(response.log().string("event_type")).contains("checkout.session.completed");
        assertThat(response.log().string("user_id")).contains(userId);
        assertThat(response.log().string("subscription_id")).contains(subscriptionId);
        assertProfile("pro", "active", false);
        var profile = BILLING.profile(userId);
        assertThat(profile.get("stripe_subscription_id").s()).isEqualTo(subscriptionId);
        assertThat(profile.get("stripe_customer_id").s()).startsWith("cus_");
        assertThat(profile.get("cancel_at_period_end").bool()).isFalse();
        assertThat(Instant.parse(profile.get("current_period_end").s()))
                .isEqualTo(BILLING.account().periodEnd(subscriptionId));
        assertThat(profile).containsAllEntriesOf(before);
    }

    @Test
    void eachKindOfEventIsEnough() {
        for (int i = 0; i < 3; i++) {
            var another = BILLING.user();
            send(BILLING.subscribe(another, "team").get(i));
            assertThat(BILLING.profile(another).get("plan").s()).isEqualTo("team");
        }
    }

    @Test
    void aFailedPaymentIsNotedAndThePlanStaysWhileStripeTries() {
        var subscriptionId = subscribed("pro");

        send(BILLING.account().failPayment(subscriptionId).getFirst());
        assertProfile("pro", "past_due", true);

        send(BILLING.account().pay(subscriptionId).getFirst());
        assertProfile("pro", "active", false);
    }

    @ParameterizedTest
    @CsvSource({"trialing,pro,false", "active,pro,false", "past_due,pro,true", "unpaid,free,true",
            "incomplete,free,true", "incomplete_expired,free,false", "paused,free,false", "canceled,free,false"})
    void theStatusDecidesWhetherThePlanIsHad(String status, String plan, boolean paymentFailed) {
        send(BILLING.account().status(subscribed("pro"), status));

        assertProfile(plan, status, paymentFailed);
    }

    @Test
    void theEndOfASubscriptionCanBeScheduledInTwoWays() {
        var classic = subscribed("pro");
        send(BILLING.account().cancelAtPeriodEnd(classic));
        assertThat(BILLING.profile(userId).get("cancel_at_period_end").bool()).isTrue();
        assertProfile("pro", "active", false);

        send(BILLING.account().cancel(classic));
        var flexible = subscribed("team");
        var end = BILLING.account().periodEnd(flexible);
        send(BILLING.account().cancelAt(flexible, end.plusSeconds(1)));
        assertThat(BILLING.profile(userId).get("cancel_at_period_end").bool()).isFalse();
        send(BILLING.account().cancelAt(flexible, end));
        assertThat(BILLING.profile(userId).get("cancel_at_period_end").bool()).isTrue();
    }

    @Test
    void thePlanFollowsThePrice() {
        var subscriptionId = subscribed("pro");

        send(BILLING.account().change(subscriptionId, "price_team"));

        assertProfile("team", "active", false);
    }

    @Test
    void aLateUpdateDoesNotReviveADeletedSubscription() {
        var subscriptionId = subscribed("pro");
        var late = BILLING.account().pay(subscriptionId);
        send(BILLING.account().cancel(subscriptionId));

        late.forEach(this::send);

        assertProfile("free", "canceled", false);
    }

    @Test
    void theEndOfAnOldSubscriptionDoesNotEndTheNewOne() {
        var old = subscribed("pro");
        var ending = BILLING.account().cancel(old);
        send(ending);
        var current = subscribed("team");

        send(BILLING.account().updated(old));

        assertProfile("team", "active", false);
        assertThat(BILLING.profile(userId).get("stripe_subscription_ids").ss()).containsExactly(current);
    }

    @Test
    void whenTheNewOfTwoSubscriptionsEndsTheOldOneCountsAgain() {
        subscribed("pro");
        var second = BILLING.subscribeInDashboard(userId, "price_team");
        second.forEach(this::send);
        assertProfile("team", "active", false);

        send(BILLING.account().cancel(BillingFixture.subscriptionId(second)));

        assertProfile("pro", "active", false);
    }

    @Test
    void theLogNamesAUserWhoPaysForTwoSubscriptions() {
        var first = BILLING.subscribe(userId, "pro").stream().map(this::send).toList();
        var second = BILLING.subscribeInDashboard(userId, "price_team").stream().map(this::send).toList();

        assertThat(first).extracting(response -> response.log().get("outcome")).containsOnly("ok");
        assertThat(second.getLast().log().get("outcome")).isEqualTo("paid_twice");
        assertThat(second.getLast().log().get("level")).isEqualTo("ERROR");
        assertThat(second.getLast().log().get("paid_subscriptions")).isEqualTo(2L);
    }

    @Test
    void anAttemptThatIsNotPaidDoesNotTakeThePlanAway() {
        subscribed("pro");
        var attempt = BILLING.subscribeInDashboard(userId, "price_team");
        BILLING.account().status(BillingFixture.subscriptionId(attempt), "incomplete");

        assertThat(attempt).map(this::send)
                .allSatisfy(response -> assertThat(response.log().get("paid_subscriptions")).isEqualTo(1L));

        assertProfile("pro", "active", false);
    }

    @Test
    void aSubscriptionThatIsNoMoreAtStripeDoesNotBlockTheNext() {
        BILLING.account().forget(subscribed("pro"));

        subscribed("team");

        assertProfile("team", "active", false);
    }

    @Test
    void aNewKeyThatStripeRefusesTooIsAFailureAndTheEventComesAgain() {
        var events = BILLING.subscribe(userId, "pro");
        send(events.getFirst());
        BILLING.stripe().roll("rk_test_newer");
        BILLING.secret("rk_test_mistyped", SECRET);

        var response = send(events.getLast());

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.log().get("stripe_status")).isEqualTo(401L);
    }

    @Test
    void anEventThatNamesItsUserAsksStripeOnce() {
        for (int i = 0; i < 3; i++) {
            var event = BILLING.subscribe(BILLING.user(), "pro").get(i);
            int requests = BILLING.stripe().requests().size();

            send(event);

            assertThat(BILLING.stripe().requests()).as(event.type()).hasSize(requests + 1);
        }
    }

    @Test
    void theEndpointsVersionMayExpandTheSubscription() {
        var events = BILLING.subscribe(userId, "pro");
        var id = "\"" + BillingFixture.subscriptionId(events) + "\"";
        var expanded = events.getFirst().json().replaceAll("\"subscription\"\\s*:\\s*" + id,
                "\"subscription\": {\"id\": " + id + "}");
        assertThat(expanded).contains("{\"id\": " + id);

        post(expanded, sign(expanded, SECRET, Instant.now()));

        assertProfile("pro", "active", false);
    }

    @Test
    void aChangeOfPlanOrStatusIsPartOfTheAccountsHistoryAndNothingElse() {
        var events = BILLING.subscribe(userId, "pro");

        assertThat(send(events.getFirst()).log().members()).containsEntry("account_event", "plan_changed")
                .containsEntry("user_id", userId).containsEntry("plan", "pro");
        assertThat(send(events.getFirst()).log().members()).doesNotContainKey("account_event");
    }

    @Test
    void anEventThatIsSentAgainRepairsTheUser() {
        var event = BILLING.subscribe(userId, "pro").getFirst();
        send(event);
        var profile = new HashMap<>(BILLING.profile(userId));
        profile.put("plan", AttributeValue.fromS("free"));
        BILLING.put(userId, profile);

        var again = send(event);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.log().string("effect")).contains("applied");
        assertProfile("pro", "active", false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer.created", "invoice.created", "charge.succeeded", "v2.core.event",
            "customer.subscription.paused", ""})
    void anEventOfAnotherTypeIsTakenAndLogged(String type) {
        var items = BILLING.tables().items();
        int requests = BILLING.stripe().requests().size();

        var response = send(BILLING.account().other(type));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.log().string("effect")).contains("ignored");
        assertThat(response.log().string("event_type")).contains(type);
        assertThat(BILLING.tables().items()).isEqualTo(items);
        assertThat(BILLING.stripe().requests()).hasSize(requests);
    }

    @Test
    void aPaymentWithoutASubscriptionIsNothingToUs() {
        for (var type : List.of("checkout.session.completed", "invoice.paid", "invoice.payment_failed")) {
            assertThat(send(BILLING.account().other(type)).log().string("effect")).contains("ignored");
        }
    }

    @Test
    void theUserIsWhomTheSubscriptionNamesNowWhateverTheEventSays() {
        var event = BILLING.account().subscribe("price_pro", Map.of("external_id", userId));
        for (var claim : List.of("\"external_id\" : \"somebody\"", "\"other\" : \"x\"")) {
            var claiming = event.json().replace("\"external_id\" : \"" + userId + "\"", claim).replace(event.id(),
                    "evt_" + UUID.randomUUID());
            assertThat(claiming).contains(claim);

            assertThat(post(claiming, sign(claiming, SECRET, Instant.now())).log().string("user_id")).contains(userId);
        }
        assertProfile("pro", "active", false);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void whenStripeDoesNotSayTheEventMustComeAgain(Fault fault) {
        var event = BILLING.subscribe(userId, "pro").getFirst();
        var items = BILLING.tables().items();
        BILLING.stripe().fail(fault, fault, fault);

        var response = send(event);

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Internal server error\"}");
        assertThat(response.log().string("outcome")).contains("stripe_failed");
        assertThat(response.log().string("event_id")).contains(event.id());
        assertThat(BILLING.logLines().getLast()).contains("\"level\":\"ERROR\"").doesNotContain("rk_test_", "whsec_");
        assertThat(BILLING.tables().items()).isEqualTo(items);

        BILLING.stripe().heal();
        assertThat(send(event).log().string("effect")).contains("applied");
        assertProfile("pro", "active", false);
    }

    @Test
    void aSubscriptionThatTheKeysAccountDoesNotHaveMustComeAgain() {
        var event = BILLING.account().subscribe("price_pro", Map.of("external_id", userId));
        BILLING.account().forget(BillingFixture.subscriptionId(List.of(event)));

        var response = send(event);

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.log().string("stripe_code")).contains("resource_missing");
    }

    @Test
    void anOlderAnswerNeverOverwritesANewerOne() {
        for (boolean first : new boolean[]{true, false}) {
            var user = BILLING.user();
            var events = BILLING.subscribe(user, "pro");
            var subscriptionId = BillingFixture.subscriptionId(events);
            if (!first) {
                send(events.get(1));
            }
            // While this event's handler has the answer "active", the subscription is deleted, and that event handled.
            BILLING.stripe().beforeNextAnswer(() -> assertThat(
                    BILLING.send(new StripeWebhookHandler(BILLING::variable), BILLING.account().cancel(subscriptionId))
                            .status())
                    .isEqualTo(200));

            assertThat(send(events.getFirst()).log().string("effect")).contains("applied");

            assertThat(BILLING.profile(user).get("subscription_status").s()).isEqualTo("canceled");
        }
    }

    @Test
    void aUserDeletedMeanwhileStaysDeleted() {
        for (boolean first : new boolean[]{true, false}) {
            var user = BILLING.user();
            var events = BILLING.subscribe(user, "pro");
            if (!first) {
                send(events.get(1));
            }
            BILLING.stripe().beforeNextAnswer(() -> BILLING.delete(user));

            assertThat(send(events.getFirst()).log().string("effect")).contains("unknown_payer");

            assertThat(BILLING.tables().item("Users", "user#" + user)).isEmpty();
        }
    }

    @Test
    void theEndpointMayHaveAnOlderVersionOfTheApi() {
        BILLING.account().eventVersion("2024-06-20");
        for (int i = 0; i < 3; i++) {
            var another = BILLING.user();
            var event = BILLING.subscribe(another, "pro").get(i);
            assertThat(event.json()).contains("2024-06-20");
            assertThat(send(event).log().string("effect")).contains("applied");
            assertThat(BILLING.profile(another).get("plan").s()).isEqualTo("pro");
            assertThat(BILLING.profile(another).get("current_period_end").s()).isNotBlank();
        }
    }

    @Test
    void theSubscriptionsAreReadInTheLibrarysVersionWithTheKey() {
        send(BILLING.subscribe(userId, "pro").getFirst());

        var request = BILLING.stripe().requests().getLast();
        assertThat(request.method() + " " + request.path())
                .isEqualTo("GET /v1/subscriptions");
        assertThat(request.parameters()).containsEntry("customer", BILLING.customerId(userId))
                .containsEntry("status", "all");
        assertThat(request.headers()).containsEntry("stripe-version", com.stripe.Stripe.API_VERSION)
                .containsEntry("authorization", "Bearer " + BillingFixture.KEY);
    }

    @Test
    void theBodyMayComeInBase64AndBeLong() {
        var event = BILLING.subscribe(userId, "pro").getFirst();
        var body = "{\"long\":\"%s\",%s".formatted("é".repeat(300_000), event.json().substring(1));
        var encoded = BillingFixture
                .webhookEvent(Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)),
                        sign(body, SECRET, Instant.now()))
                .put("isBase64Encoded", true);

        assertThat(BILLING.invoke(webhook, encoded).log().string("effect")).contains("applied");
        assertThat(post(body, sign(body, SECRET, Instant.now())).log().string("effect")).contains("applied");
    }

    @Test
    void bytesThatAreNotUtf8AreVerifiedAsTheyAre() {
        var bytes = new byte[]{'{', (byte) 0xC3, '}'};
        var now = Instant.now();
        var event = BillingFixture.webhookEvent(Base64.getEncoder().encodeToString(bytes), sign(bytes, SECRET, now))
                .put("isBase64Encoded", true);

        assertThat(BILLING.invoke(webhook, event).body().string("detail"))
                .contains("body: not valid JSON at line 1 column 2");
    }

    @Test
    void nothingIsReadOfABodyWithoutAValidSignature() {
        var body = "{\"nonsense\":";

        var refused = post(body, sign(body, "whsec_other", Instant.now()));
        assertThat(refused.body().string("detail")).contains("Stripe-Signature: not of this body");
        assertThat(refused.log().string("outcome")).contains("unsigned");
        assertThat(post(body, sign(body, SECRET, Instant.now())).body().string("detail"))
                .contains("body: not valid JSON at line 1 column 13");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":\"evt_x\"}", "{\"type\":\"invoice.paid\"}", "{\"id\":\"\",\"type\":\"x\"}",
            "{\"id\":5,\"type\":\"invoice.paid\"}"})
    void aSignedBodyThatIsNoEventIsRefused(String body) {
        var response = post(body, sign(body, SECRET, Instant.now()));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().string("detail")).contains("body: not an event of Stripe's");
    }

    @ParameterizedTest
    @CsvSource({"-300,200", "-301,400", "300,200", "301,400"})
    void aSignatureIsGoodForFiveMinutes(long seconds, int status) {
        var body = BILLING.account().other("customer.created").json();
        var now = Instant.parse("2026-03-01T12:00:00Z");
        var handler = new StripeWebhookHandler(BILLING::variable, graph(Clock.fixed(now, ZoneOffset.UTC)));

        var response = BILLING.invoke(handler,
                BillingFixture.webhookEvent(body, sign(body, SECRET, now.plusSeconds(seconds))));

        assertThat(response.status()).isEqualTo(status);
    }

    @Test
    void aTimeThatWasNotSignedDoesNotCount() {
        var body = BILLING.account().other("customer.created").json();
        var old = sign(body, SECRET, Instant.now().minusSeconds(400));
        var renewed = old.replaceFirst("t=\\d+", "t=" + Instant.now().getEpochSecond());

        assertThat(post(body, old).body().string("detail")).contains("Stripe-Signature: not of the last five minutes");
        assertThat(post(body, renewed).body().string("detail")).contains("Stripe-Signature: not of this body");
    }

    @Test
    void oneOfSeveralSignaturesMustBeRightAndOtherSchemesDoNotCount() {
        var body = BILLING.account().other("customer.created").json();
        var good = sign(body, SECRET, Instant.now());
        var wrong = "0".repeat(64);

        assertThat(post(body, good.replace(",v1=", ",v1=" + wrong + ",v1=")).status()).isEqualTo(200);
        assertThat(post(body, good + ",v1=" + wrong + ",v0=" + wrong).status()).isEqualTo(200);
        assertThat(post(body, good.replace(",", ", ")).status()).isEqualTo(200);
        assertThat(post(body, good.replace("v1=", "v0=")).status()).isEqualTo(400);
        assertThat(post(body, good.replace("v1=", "v1=x")).status()).isEqualTo(400);
        assertThat(post(body + " ", good).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t", "t=,v1=", "v1=abc", "t=1767225600", "t=abc,v1=abc", "t=-1,v1=abc", "=,=",
            "t=9999999999999999999999,v1=abc", "nonsense"})
    void aHeaderThatIsNoneIsRefused(String header) {
        var response = post("{}", header);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().string("detail")).contains("Stripe-Signature: missing or malformed");
    }

    @Test
    void aRequestWithoutTheHeaderOrWithTwoOfThemIsRefused() {
        var without = BillingFixture.webhookEvent("{}", "");
        without.object("multiValueHeaders").put("Stripe-Signature", List.of());
        var twice = BillingFixture.webhookEvent("{}", "");
        twice.object("multiValueHeaders").put("Stripe-Signature",
                List.of(sign("{}", SECRET, Instant.now()), "t=1,v1=1"));

        assertThat(BILLING.invoke(webhook, without).status()).isEqualTo(400);
        assertThat(BILLING.invoke(webhook, twice).status()).isEqualTo(400);
    }

    @Test
    void theHeadersNameHasNoCase() {
        var body = BILLING.account().other("customer.created").json();
        var event = BillingFixture.webhookEvent(body, "");
        event.put("multiValueHeaders", BillingFixture.object("{\"stripe-signature\":[\"%s\"]}"
                .formatted(sign(body, SECRET, Instant.now()))));

        assertThat(BILLING.invoke(webhook, event).status()).isEqualTo(200);
    }

    @Test
    void whileASecretIsRolledTheOldAndTheNewOneAreValid() {
        BILLING.secret(BillingFixture.KEY, "whsec_new, " + SECRET);
        var body = BILLING.account().other("customer.created").json();

        assertThat(post(body, sign(body, "whsec_new", Instant.now())).status()).isEqualTo(200);
        assertThat(post(body, sign(body, SECRET, Instant.now())).status()).isEqualTo(200);
        assertThat(post(body, sign(body, "whsec_new, " + SECRET, Instant.now())).status()).isEqualTo(400);
        assertThat(post(body, sign(body, "", Instant.now())).status()).isEqualTo(400);
    }

    @Test
    void aNewSecretIsFetchedWhenASignatureIsOfNoneThatIsKnownButNotForEachBadOne() {
        var clock = new MovingClock();
        var handler = new StripeWebhookHandler(BILLING::variable, graph(clock));
        var body = BILLING.account().other("customer.created").json();
        assertThat(BILLING.invoke(handler, signedAt(body, SECRET, clock)).status()).isEqualTo(200);
        BILLING.secret(BillingFixture.KEY, "whsec_new");

        clock.forward(9);
        assertThat(BILLING.invoke(handler, signedAt(body, "whsec_new", clock)).status()).isEqualTo(400);
        clock.forward(1);
        assertThat(BILLING.invoke(handler, signedAt(body, "whsec_new", clock)).status()).isEqualTo(200);
        assertThat(BILLING.invoke(handler, signedAt(body, SECRET, clock)).status()).isEqualTo(400);
    }

    @Test
    void m21ASecretThatNobodyHasFilledInIsNamedInTheLogAndIsNoServerError() {
        BILLING.secret("", "");
        var body = BILLING.account().other("customer.created").json();

        for (var signature : List.of(sign(body, SECRET, Instant.now()), sign(body, "placeholder", Instant.now()))) {
            var response = post(body, signature);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body().string("detail")).contains("Stripe-Signature: not of this body");
            assertThat(response.log().string("outcome")).contains("stripe_failed");
            assertThat(response.log().string("level")).contains("ERROR");
            assertThat(response.log().string("reason").orElseThrow()).contains("STRIPE_SECRET", "webhook_secrets");
        }
    }

    @Test
    void answersLikeEveryEndpointDoes() {
        var answer = new RecordingContext("StripeWebhook").invoke(webhook,
                BillingFixture.webhookEvent("{}", "").toJson());

        assertThat(answer).contains("\"Cache-Control\":\"no-store\"",
                "\"X-Content-Type-Options\":\"nosniff\"", "\"Content-Type\":\"application/json\"");
    }

    @Test
    void stripesLibraryAcceptsTheStandInsSignatures() throws Exception {
        var event = BILLING.subscribe(userId, "pro").getFirst();

        assertThat(com.stripe.net.Webhook.constructEvent(event.json(), event.signature(SECRET, Instant.now()), SECRET)
                .getType()).isEqualTo("checkout.session.completed");
    }

    private static StripeWebhookHandler.Graph graph(Clock clock) {
        return new StripeWebhookHandler.Graph() {
            private final CachedSecret<StripeSecret> secret = BILLING.cachedSecret(clock);

            @Override
            public CachedSecret<StripeSecret> secret() {
                return secret;
            }

            @Override
            public Reconciliation reconciliation() {
                return DaggerStripeWebhookHandler_Graph.builder()
                        .coreModule(new CoreModule(BILLING::variable)).build().reconciliation();
            }

            @Override
            public Clock clock() {
                return clock;
            }
        };
    }

    private String subscribed(String plan) {
        var events = BILLING.subscribe(userId, plan);
        events.forEach(event -> assertThat(send(event).status()).isEqualTo(200));
        return BillingFixture.subscriptionId(events);
    }

    private void assertProfile(String plan, String status, boolean paymentFailed) {
        var profile = BILLING.profile(userId);
        assertThat(profile.get("plan").s()).isEqualTo(plan);
        assertThat(profile.get("subscription_status").s()).isEqualTo(status);
        assertThat(profile.get("payment_failed")).isEqualTo(AttributeValue.fromBool(paymentFailed));
    }

    private BillingFixture.Response send(StripeAccount.Event event) {
        return post(event.json(), sign(event.json(), SECRET, Instant.now()));
    }

    private BillingFixture.Response post(String body, String signature) {
        return BILLING.invoke(webhook, BillingFixture.webhookEvent(body, signature));
    }

    private static usersapi.json.JsonObject signedAt(String body, String secret, Clock clock) {
        return BillingFixture.webhookEvent(body, sign(body, secret, clock.instant()));
    }

    private static String sign(String body, String secret, Instant time) {
        return sign(body.getBytes(StandardCharsets.UTF_8), secret, time);
    }

    /** docs.stripe.com/webhooks, «Verify webhook signatures manually», the other way round. */
    private static String sign(byte[] body, String secret, Instant time) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            var key = Optional.of(secret).filter(text -> !text.isEmpty()).orElse("\0");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(Long.toString(time.getEpochSecond()).getBytes(StandardCharsets.UTF_8));
            mac.update((byte) '.');
            return "t=" + time.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
