package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import usersapi.standin.stripe.Fault;

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

    @Test
    void whoseSubscriptionHasEndedStaysACustomer() {
        var events = BILLING.subscribe(userId, "pro");
        BILLING.send(new StripeWebhookHandler(BILLING::variable),
                BILLING.account().cancel(BillingFixture.subscriptionId(events)));

        assertThat(portal(userId).status()).isEqualTo(200);
    }

    @Test
    void aCustomerDeletedAtStripeIsA400() {
        BILLING.account().deleteCustomer(customer());

        var response = portal(userId);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Unexpected error\"}");
        assertThat(response.log().string("stripe_code")).contains("resource_missing");
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "DECLINED", "PAGE", "EMPTY_OBJECT", "NULL", "HALF"})
    void whateverStripeAnswersInsteadIsA400(Fault fault) {
        customer();
        BILLING.stripe().fail(fault, fault, fault);

        var response = portal(userId);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().toJson()).isEqualTo("{\"message\":\"Unexpected error\"}");
        assertThat(response.log().string("level")).contains("ERROR");
    }

    @Test
    void aSessionMustBringItsCsrfTokenAndABearerNeedsNone() {
        customer();
        var session = BillingFixture.event("create-portal-session", userId);
        session.object("requestContext").object("authorizer").put("csrfVerified", "false");
        var bearer = BillingFixture.event("create-portal-session", userId);
        bearer.object("requestContext").object("authorizer").put("credential", "BEARER").put("csrfVerified", "false");

        assertThat(BILLING.invoke(handler, session).status()).isEqualTo(403);
        assertThat(BILLING.invoke(handler, bearer).status()).isEqualTo(200);
    }

    @Test
    void whoIsNotAUserIsNotAuthenticated() {
        assertThat(portal("nobody").status()).isEqualTo(401);
        assertThat(portal("").body().toJson()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    private String customer() {
        BILLING.subscribe(userId, "pro")
                .forEach(event -> BILLING.send(new StripeWebhookHandler(BILLING::variable), event));
        return BILLING.profile(userId).get("stripe_customer_id").s();
    }

    private BillingFixture.Response portal(String user) {
        return BILLING.invoke(handler, BillingFixture.event("create-portal-session", user));
    }
}
