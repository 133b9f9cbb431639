package usersapi.subscription;

import static usersapi.table.UsersTable.CHECKOUT_NUMBER;
import static usersapi.table.UsersTable.CHECKOUT_OPENED;
import static usersapi.table.UsersTable.CHECKOUT_PRICE;

import java.time.Instant;
import usersapi.table.RecordSchema;

/**
 * A user's attempt to check out. A user has one at a time, and Stripe makes at most one session for it, because its number
 * is part of the idempotency key. The next attempt begins only after the session of this one has ended.
 *
 * @param number counts the user's attempts from 1
 * @param price Stripe's id of the price
 * @param opened when it began
 */
public record CheckoutAttempt(long number, String price, Instant opened) {

    /** Its attributes on the user's profile. */
    static final RecordSchema<CheckoutAttempt> SCHEMA = RecordSchema
            .of(item -> new CheckoutAttempt(item.get(CHECKOUT_NUMBER), item.get(CHECKOUT_PRICE),
                    item.get(CHECKOUT_OPENED)))
            .with(CHECKOUT_NUMBER, CheckoutAttempt::number).with(CHECKOUT_PRICE, CheckoutAttempt::price)
            .with(CHECKOUT_OPENED, CheckoutAttempt::opened);
}
