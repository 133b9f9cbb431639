package usersapi.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.LocalTables;

class CustomerRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final CustomerRepository customers = SubscriptionFixture.customers(TABLES);
    private final CheckoutRepository checkouts = SubscriptionFixture.checkouts(TABLES);
    private final SubscriptionRepository users = SubscriptionFixture.subscriptions(TABLES);
    private final String userId = user();
    private final String customerId = "cus_" + userId;

    @Test
    void aUserBecomesACustomerAndIsFoundByIt() {
        assertThat(customers.assign(find(userId), customerId)).isTrue();

        assertThat(find(userId).customerId()).contains(customerId);
        assertThat(customers.owner(customerId)).contains(userId);
        assertThat(customers.owner("cus_none")).isEmpty();
    }

    @Test
    void theClaimTellsNoId() {
        customers.assign(find(userId), customerId);

        assertThat(TABLES.items()).map(item -> item.get("id")).map(AttributeValue::s)
                .noneMatch(id -> id.contains("cus_"));
    }

    @Test
    void oneOfTwoRequestsAtOnceAssignsTheCustomer() {
        var read = find(userId);

        assertThat(customers.assign(read, customerId)).isTrue();
        assertThat(customers.assign(read, "cus_other")).isFalse();

        assertThat(find(userId).customerId()).contains(customerId);
        assertThat(customers.owner("cus_other")).isEmpty();
    }

    @Test
    void aNewCustomerTakesTheOldOnesPlace() {
        customers.assign(find(userId), customerId);

        assertThat(customers.assign(find(userId), "cus_new" + userId)).isTrue();

        assertThat(customers.owner("cus_new" + userId)).contains(userId);
        assertThat(customers.owner(customerId)).isEmpty();
    }

    @Test
    void aCustomerIsOneUserOnly() {
        customers.assign(find(userId), customerId);
        var other = user();

        assertThat(customers.assign(find(other), customerId)).isFalse();

        assertThat(find(other).customerId()).isEmpty();
        assertThat(customers.owner(customerId)).contains(userId);
    }

    @Test
    void aDeletedUserGetsNoCustomer() {
        var read = find(userId);
        TABLES.delete("Users", "user#" + userId);

        assertThat(customers.assign(read, customerId)).isFalse();

        assertThat(customers.owner(customerId)).isEmpty();
    }

    @Test
    void oneOfSeveralAttemptsToCheckOutIsTheNext() {
        var read = find(userId);
        var first = new CheckoutAttempt(1, "price_pro", Instant.parse("2026-03-01T12:00:00Z"));

        assertThat(checkouts.start(read, first)).isTrue();
        assertThat(checkouts.start(read, new CheckoutAttempt(1, "price_team", Instant.EPOCH))).isFalse();
        assertThat(find(userId).checkout()).contains(first);

        var second = new CheckoutAttempt(2, "price_team", Instant.parse("2026-03-01T13:00:00Z"));
        assertThat(checkouts.start(find(userId), second)).isTrue();
        assertThat(checkouts.start(read, first)).isFalse();
        assertThat(find(userId).checkout()).contains(second);
    }

    private Subscriber find(String id) {
        return users.find(id).orElseThrow();
    }

    private static String user() {
        var id = UUID.randomUUID().toString();
        TABLES.put("Users", Map.of("id", AttributeValue.fromS("user#" + id), "external_id", AttributeValue.fromS(id),
                "email", AttributeValue.fromS(id + "@example.com")));
        return id;
    }
}
