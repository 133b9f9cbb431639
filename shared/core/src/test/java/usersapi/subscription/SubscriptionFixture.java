package usersapi.subscription;

import java.time.Clock;
import usersapi.CoreFixture;
import usersapi.testing.LocalTables;

/** The repositories of billing, as the functions have them. */
public final class SubscriptionFixture {

    private SubscriptionFixture() {}

    /** How users stand. */
    public static SubscriptionRepository subscriptions(LocalTables tables) {
        return subscriptions(tables, Clock.systemUTC());
    }

    /** The same, at another time. */
    static SubscriptionRepository subscriptions(LocalTables tables, Clock clock) {
        return new SubscriptionRepository(CoreFixture.client(tables), CoreFixture.users(tables), clock);
    }

    /** Which users are which customers. */
    public static CustomerRepository customers(LocalTables tables) {
        return new CustomerRepository(CoreFixture.client(tables), CoreFixture.users(tables));
    }

    /** The users' attempts to check out. */
    public static CheckoutRepository checkouts(LocalTables tables) {
        return new CheckoutRepository(CoreFixture.client(tables), CoreFixture.users(tables));
    }
}
