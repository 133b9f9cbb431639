package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.LocalTables;

class GetSubscriptionHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final GetSubscriptionHandler handler = new GetSubscriptionHandler(TABLES::variable);

    @Test
    void aUserWhoNeverSubscribedHasTheFreePlan() {
        var user = Invocation.signIn(TABLES, "free@example.com");

        assertThat(Invocation.respond(handler, Invocation.event("get-subscription", user.userId())).getBody())
                .isEqualTo("{\"plan\":\"free\",\"status\":null,\"current_period_end\":null,"
                        + "\"cancel_at_period_end\":null,\"cancel_at\":null,\"trial_end\":null,\"payment_failed\":null}");
    }

    @Test
    void tellsTheSubscriptionByWhateverCredential() {
        var user = Invocation.signIn(TABLES, "pro@example.com");
        subscribe(user.userId());
        var event = Invocation.event("get-subscription", user.userId());

        for (var credential : new String[]{"SESSION", "BEARER"}) {
            assertThat(Invocation.respond(handler, event.replace("SESSION", credential)).getBody())
                    .isEqualTo("{\"plan\":\"pro\",\"status\":\"past_due\",\"current_period_end\":1775001600,"
                            + "\"cancel_at_period_end\":true,\"cancel_at\":1774224000,\"trial_end\":1773100800,"
                            + "\"payment_failed\":true}");
        }
    }

    @Test
    void theUserItselfIsToldAsBefore() {
        var user = Invocation.signIn(TABLES, "same@example.com");
        subscribe(user.userId());

        assertThat(Invocation
                .ok(new GetCurrentUserHandler(TABLES::variable), Invocation.event("get-current-user", user))
                .members().keySet()).containsExactly("external_id", "email", "is_authenticated", "access_token");
    }

    @Test
    void anUnknownUserIsNotAuthenticated() {
        for (var event : new String[]{Invocation.event("get-subscription", "nobody"),
                Invocation.event("get-subscription", "jane").replace("SESSION", "NONE")}) {
            var response = Invocation.respond(handler, event);
            assertThat(response.getStatusCode()).isEqualTo(401);
            assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
        }
    }

    private static void subscribe(String userId) {
        var item = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
        item.putAll(Map.of("plan", AttributeValue.fromS("pro"), "subscription_status", AttributeValue.fromS("past_due"),
                "current_period_end", AttributeValue.fromS("2026-04-01T00:00:00Z"), "cancel_at_period_end",
                AttributeValue.fromBool(true), "payment_failed", AttributeValue.fromBool(true),
                "stripe_subscription_id", AttributeValue.fromS("sub_1"), "subscription_customer_id",
                AttributeValue.fromS("cus_1"), "billing_revision", AttributeValue.fromN("1"), "stripe_subscription_ids",
                AttributeValue.fromSs(java.util.List.of("sub_1"))));
        item.put("cancel_at", AttributeValue.fromS("2026-03-23T00:00:00Z"));
        item.put("trial_end", AttributeValue.fromS("2026-03-10T00:00:00Z"));
        TABLES.put("Users", item);
    }
}
