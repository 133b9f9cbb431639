package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import usersapi.standin.stripe.Fault;
import usersapi.standin.stripe.PortalSettings;
import usersapi.testing.RefusingService;

@Timeout(60)
class CreatePortalSessionHandlerTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private final String userId = BILLING.user();
    private final CreatePortalSessionHandler handler = new CreatePortalSessionHandler(BILLING::variable);

    @AfterEach
    void heal() {
        BILLING.stripe().heal();
    }

    @Test
    void opensThePortalForACustomer() {
        var customerId = customer();

        var response = portal(userId);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().members().keySet()).containsExactly("message", "url");
        assertThat(response.body().string("message")).contains("ok");
        assertThat(response.body().string("url").orElseThrow())
                .startsWith(BILLING.stripe().endpoint() + "/p/session/bps_");
        var request = BILLING.stripe().requests().getLast();
        assertThat(request.method() + " " + request.path()).isEqualTo("POST /v1/billing_portal/sessions");
        assertThat(request.parameters()).containsExactlyInAnyOrderEntriesOf(
                Map.of("customer", customerId, "return_url", "https://app.example.com/billing"));
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + BillingFixture.KEY)
                .containsEntry("stripe-version", com.stripe.Stripe.API_VERSION);
    }

    @Test
    void aUserWhoNeverSubscribedIsNoCustomer() {
        int requests = BILLING.stripe().requests().size();

        var response = portal(userId);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().toJson()).isEqualTo(
                "{\"message\":\"Unexpected error\",\"detail\":\"customer: none before the first subscription\"}");
        assertThat(BILLING.stripe().requests()).hasSize(requests);
    }

    /** For nobody no key is needed, so only the function's beginning can have asked for it. */
    @Test
    void theKeyIsAskedForBeforeTheUserIsKnown() throws Exception {
        try (var secrets = new RefusingService()) {
            var function = new CreatePortalSessionHandler(
                    BILLING.with("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.endpoint()));

            assertThat(BILLING.invoke(function, BillingFixture.event("create-portal-session", "nobody")).status())
                    .isEqualTo(401);

            assertThat(secrets.isAsked()).isTrue();
        }
    }

    @Test
    void aUserWhoseSubscriptionHasEndedStaysACustomer() {
        var events = BILLING.subscribe(userId, "pro");
        BILLING.send(new StripeWebhookHandler(BILLING::variable),
                BILLING.account().cancel(BillingFixture.subscriptionId(events)));

        assertThat(portal(userId).status()).isEqualTo(200);
    }

    @Test
    void m15ACustomerDeletedAtStripeIsToldToSubscribeAgain() {
        BILLING.account().deleteCustomer(customer());

        for (var body : List.of("", "{\"plan\":\"team\"}")) {
            var response = portal(userId, body);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body().string("detail").orElseThrow()).contains("subscri");
            assertThat(response.log().string("outcome")).contains("invalid");
        }
    }

    @Test
    void m1WithAPlanItLeadsToTheConfirmationOfTheChange() {
        var customerId = customer();
        var subscription = BILLING.account().newestSubscription(customerId).orElseThrow();

        var response = portal(userId, "{\"plan\":\"team\"}");

        assertThat(response.status()).isEqualTo(200);
        var flow = "flow_data[subscription_update_confirm]";
        assertThat(BILLING.stripe().requests().getLast().parameters()).containsExactlyInAnyOrderEntriesOf(Map.of(
                "customer", customerId, "return_url", "https://app.example.com/billing", "flow_data[type]",
                "subscription_update_confirm", flow + "[subscription]", subscription.path("id").asText(),
                flow + "[items][0][id]", subscription.path("items").path("data").path(0).path("id").asText(),
                flow + "[items][0][price]", "price_team", flow + "[items][0][quantity]", "1",
                "flow_data[after_completion][type]", "redirect", "flow_data[after_completion][redirect][return_url]",
                "https://app.example.com/billing"));
    }

    @Test
    void aChangeThatTheFlowCannotMakeOpensTheFirstPage() {
        var customerId = customer();
        var subscriptionId = BILLING.account().newestSubscription(customerId).orElseThrow().path("id").asText();

        assertWhole(portal(userId, "{\"plan\":\"pro\"}"));
        BILLING.account().portal(PortalSettings.SAVED);
        assertWhole(portal(userId, "{\"plan\":\"team\"}"));
        BILLING.account().portal(PortalSettings.WITH_CHANGE_OF_PLAN);
        BILLING.account().addItem(subscriptionId, "price_seats");
        assertWhole(portal(userId, "{\"plan\":\"team\"}"));
    }

    @Test
    void aPortalThatWasNeverSavedIsTheOperatorsToMend() {
        customer();
        BILLING.account().portal(PortalSettings.NOT_SAVED);
        try {
            for (var body : List.of("", "{\"plan\":\"team\"}")) {
                var response = portal(userId, body);
                assertThat(response.status()).isEqualTo(400);
                assertThat(response.body().string("detail"))
                        .contains("portal: not set up yet on this site; contact its support");
                assertThat(response.log().string("level")).contains("ERROR");
                assertThat(response.log().string("outcome")).contains("stripe_failed");
                assertThat(response.log().string("stripe_failure").orElseThrow()).contains("portal", "settings");
                assertThat(response.log().string("stripe_request_id")).isPresent();
            }
        } finally {
            BILLING.account().portal(PortalSettings.WITH_CHANGE_OF_PLAN);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"{\"plan\":\"gold\"}|plan: unknown plan \"gold\"",
            "{\"plan\":5}|plan: must be a string", "[]|body: not a JSON object"})
    void saysWhatToCorrect(String body, String detail) {
        customer();

        assertThat(portal(userId, body).body().string("detail")).contains(detail);
    }

    @Test
    void aPlanNeedsASubscriptionToChange() {
        assertThat(portal(userId, "{\"plan\":\"pro\"}").body().string("detail"))
                .contains("plan: no subscription to change; subscribe by a checkout");
    }

    @Test
    void m19AUserHasTwentyRequestsAMinute() {
        customer();
        var environment = Map.of("STRIPE_REQUESTS_PER_MINUTE", "1");
        var limited = new CreatePortalSessionHandler(
                BILLING.with(environment));
        var responses = Stream.generate(() -> BILLING.invoke(limited,
                BillingFixture.event("create-portal-session", userId).put("body", null))).limit(3).toList();

        assertThat(responses).filteredOn(response -> response.status() == 429).isNotEmpty().allSatisfy(response -> {
            assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Too many requests\"}");
            assertThat(response.log().string("outcome")).contains("limited");
        });
        assertThat(new RequestsPerMinute(BILLING::variable).value()).isEqualTo(20);
    }

    private static void assertWhole(BillingFixture.Response response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(BILLING.stripe().requests().getLast().parameters()).containsOnlyKeys("customer", "return_url");
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "DECLINED", "PAGE", "EMPTY_OBJECT", "NULL", "HALF"})
    void everyFaultyAnswerOfStripeIsA400(Fault fault) {
        customer();
        BILLING.stripe().fail(fault, fault, fault);

        var response = portal(userId);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Unexpected error\"}");
        assertThat(response.log().string("level")).contains("ERROR");
    }

    @Test
    void aSessionMustBringItsCsrfTokenAndABearerIsRefused() {
        customer();
        var session = BillingFixture.event("create-portal-session", userId);
        session.object("requestContext").object("authorizer").put("csrfVerified", "false");
        var bearer = BillingFixture.event("create-portal-session", userId);
        bearer.object("requestContext").object("authorizer").put("credential", "BEARER").put("csrfVerified", "false");

        assertThat(BILLING.invoke(handler, session).status()).isEqualTo(403);
        assertThat(BILLING.invoke(handler, bearer).status()).isEqualTo(401);
    }

    @Test
    void anUnknownUserIsNotAuthenticated() {
        assertThat(portal("nobody").status()).isEqualTo(401);
        assertThat(portal("").body().toJson()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    private String customer() {
        BILLING.subscribe(userId, "pro")
                .forEach(event -> BILLING.send(new StripeWebhookHandler(BILLING::variable), event));
        return BILLING.profile(userId).get("stripe_customer_id").s();
    }

    private BillingFixture.Response portal(String user) {
        return portal(user, "");
    }

    private BillingFixture.Response portal(String user, String body) {
        return BILLING.invoke(handler, BillingFixture.event("create-portal-session", user).put("body", body));
    }
}
