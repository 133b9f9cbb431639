package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.Exchange;

/** «Create Stripe checkout session» and the life of the subscription. */
class BillingApiTest {

    private static Exchange.Reply checkout(SignedIn user, String plan) {
        return user.changing("POST", "/api/users/stripe/checkout/").body("{\"plan\": \"%s\"}".formatted(plan)).send();
    }

    private static Exchange.Reply atStripe(String action, String sessionId) {
        return Exchange.of(RunningApi.uri(), "POST", "/local/stripe/" + action)
                .body("{\"session_id\": \"%s\"}".formatted(sessionId)).send();
    }

    private static String subscription(SignedIn user) {
        return user.request("GET", "/api/users/stripe/subscription/").send().text()
                .replaceFirst("\"current_period_end\":[0-9]+", "\"current_period_end\":END");
    }

    @Test
    void aSubscriptionLivesFromItsCheckoutToItsEnd() {
        var user = SignedIn.as("billing-life@example.com");
        assertThat(subscription(user)).isEqualTo("{\"plan\":\"free\",\"status\":null,\"current_period_end\":null,"
                + "\"cancel_at_period_end\":null,\"cancel_at\":null,\"trial_end\":null,\"payment_failed\":null}");

        var opened = checkout(user, "pro");
        assertThat(opened.status()).isEqualTo(200);
        assertThat(opened.json().path("message").asText()).isEqualTo("ok");
        assertThat(opened.json().path("url").asText()).startsWith("http://127.0.0.1:");
        var sessionId = opened.json().path("session_id").asText();
        assertThat(checkout(user, "pro").text()).isEqualTo(opened.text());

        var paid = atStripe("complete", sessionId);
        assertThat(paid.status()).isEqualTo(200);
        assertThat(paid.json().path("events").findValuesAsText("type")).isEqualTo(
                List.of("checkout.session.completed", "customer.subscription.created", "invoice.paid"));
        assertThat(paid.json().path("events").findValuesAsText("answer")).containsOnly("200");
        assertThat(subscription(user)).isEqualTo("{\"plan\":\"pro\",\"status\":\"active\",\"current_period_end\":END,"
                + "\"cancel_at_period_end\":false,\"cancel_at\":null,\"trial_end\":null,\"payment_failed\":false}");

        var again = checkout(user, "pro");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text()).isEqualTo(
                "{\"message\":\"Unexpected error\",\"detail\":\"plan: already subscribed to \\\"pro\\\"\"}");
        assertThat(user.changing("POST", "/api/users/stripe/portal/").send().json().path("url").asText())
                .startsWith("http://127.0.0.1:");

        atStripe("fail-payment", sessionId);
        assertThat(subscription(user)).contains("\"plan\":\"pro\",\"status\":\"past_due\"", "\"payment_failed\":true");
        atStripe("pay", sessionId);
        assertThat(subscription(user)).contains("\"plan\":\"pro\",\"status\":\"active\"", "\"payment_failed\":false");
        atStripe("cancel", sessionId);
        assertThat(subscription(user)).contains("\"plan\":\"free\",\"status\":\"canceled\"");
        assertThat(checkout(user, "pro").status()).isEqualTo(200);
    }

    @Test
    void theUserIsShownAsBefore() {
        var user = SignedIn.as("billing-me@example.com");
        atStripe("complete", checkout(user, "pro").json().path("session_id").asText());

        var me = user.request("GET", "/api/users/me/").send().json();

        assertThat(me.fieldNames()).toIterable().containsExactly("external_id", "email", "is_authenticated",
                "access_token");
    }

    @Test
    void anAccessTokenSubscribesTooButHasNoPortal() {
        var user = SignedIn.as("billing-token@example.com");

        assertThat(byToken(user, "POST", "checkout").status()).isEqualTo(200);
        assertThat(byToken(user, "GET", "subscription").status()).isEqualTo(200);
        assertThat(byToken(user, "POST", "portal").status()).isEqualTo(401);
    }

    private static Exchange.Reply byToken(SignedIn user, String method, String route) {
        return Exchange.of(RunningApi.uri(), method, "/api/users/stripe/" + route + "/")
                .header("Authorization", "Bearer " + user.accessToken()).body("{\"plan\": \"pro\"}").send();
    }

    @ParameterizedTest
    @CsvSource({"POST,checkout,Unauthorized", "POST,portal,Not authenticated", "GET,subscription,Not authenticated"})
    void nobodyElseDoes(String method, String route, String message) {
        var reply = Exchange.of(RunningApi.uri(), method, "/api/users/stripe/" + route + "/")
                .body("{\"plan\": \"pro\"}").send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("{\"message\":\"%s\"}".formatted(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkout", "portal"})
    void aSessionWithoutItsCsrfTokenChangesNothing(String route) {
        var reply = SignedIn.as("billing-csrf@example.com").request("POST", "/api/users/stripe/" + route + "/")
                .body("{\"plan\": \"pro\"}").send();

        assertThat(reply.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"{}|plan: required",
            "{\"plan\": \"gold\"}|plan: unknown plan \\\"gold\\\"", "{\"plan\": 5}|plan: must be a string"})
    void saysWhatToCorrect(String body, String detail) {
        var reply = SignedIn.as("billing-wrong@example.com").changing("POST", "/api/users/stripe/checkout").body(body)
                .send();

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).isEqualTo(
                "{\"message\":\"Unexpected error\",\"detail\":\"%s\"}".formatted(detail));
    }

    @Test
    void theWebhookTakesNothingUnsigned() {
        var before = RunningApi.items();

        var unsigned = Exchange.of(RunningApi.uri(), "POST", "/api/users/stripe/webhook/").body("{}").send();
        var signedByNobody = Exchange.of(RunningApi.uri(), "POST", "/api/users/stripe/webhook/")
                .header("Stripe-Signature", "t=%d,v1=%s".formatted(java.time.Instant.now().getEpochSecond(),
                        "0".repeat(64)))
                .body("{}").send();

        assertThat(unsigned.status()).isEqualTo(400);
        assertThat(signedByNobody.status()).isEqualTo(400);
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"complete,400", "pay,400", "cancel,400", "fail-payment,400", "other,404"})
    void anUnknownCheckoutIsNotFound(String action, int status) {
        assertThat(atStripe(action, "cs_test_none").status()).isEqualTo(status);
    }
}
