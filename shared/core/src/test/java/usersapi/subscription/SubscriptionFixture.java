package usersapi.subscription;

import java.time.Clock;
import usersapi.CoreFixture;
import usersapi.testing.LocalTables;
import usersapi.wiring.CoreModule;

/** The repositories of billing, as the functions have them. */
public final class SubscriptionFixture {

    private SubscriptionFixture() {}

    /** How users stand. */
    public static SubscriptionRepository subscriptions(LocalTables tables) {
        return subscriptions(tables, Clock.systemUTC());
    }

    /** The same, at another time. */
    static SubscriptionRepository subscriptions(LocalTables tables, Clock clock) {
        var client = CoreFixture.client(tables);
        return new SubscriptionRepository(client, () -> CoreModule.enhanced(client), CoreFixture.users(tables), clock);
    }

    /** Which users are which customers. */
    public static CustomerRepository customers(LocalTables tables) {
        var client = CoreFixture.client(tables);
        return new CustomerRepository(client, () -> CoreModule.enhanced(client), CoreFixture.users(tables));
    }

    /** The users' attempts to check out. */
    public static CheckoutRepository checkouts(LocalTables tables) {
        return new CheckoutRepository(() -> CoreFixture.dynamoDb(tables), CoreFixture.users(tables));
    }
}
