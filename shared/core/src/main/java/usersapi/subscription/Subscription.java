package usersapi.subscription;

import static usersapi.table.UsersTable.CANCEL_AT;
import static usersapi.table.UsersTable.CANCEL_AT_PERIOD_END;
import static usersapi.table.UsersTable.CURRENT_PERIOD_END;
import static usersapi.table.UsersTable.PAYMENT_FAILED;
import static usersapi.table.UsersTable.PLAN;
import static usersapi.table.UsersTable.SUBSCRIPTION_CUSTOMER_ID;
import static usersapi.table.UsersTable.SUBSCRIPTION_ID;
import static usersapi.table.UsersTable.SUBSCRIPTION_STATUS;
import static usersapi.table.UsersTable.TRIAL_END;

import java.time.Instant;
import java.util.Optional;
import usersapi.table.RecordSchema;

/**
 * A user's subscription as Stripe last described it.
 *
 * @param id its id at Stripe
 * @param customerId Stripe's id of the customer who pays
 * @param plan the plan that it gives the user now; {@link #FREE} if its status gives none
 * @param status Stripe's word for its state, such as {@code active} or {@code past_due}
 * @param currentPeriodEnd the end of the invoiced period
 * @param cancelAtPeriodEnd whether it ends then or before, instead of renewing
 * @param cancelAt its decided end, if there is one
 * @param trialEnd when its trial ends or ended
 * @param paymentFailed whether a due payment failed
 * @see <a href="https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses">Subscription statuses</a>
 */
public record Subscription(String id, String customerId, String plan, String status,
        Optional<Instant> currentPeriodEnd, boolean cancelAtPeriodEnd, Optional<Instant> cancelAt,
        Optional<Instant> trialEnd, boolean paymentFailed) {

    /** The plan of a user who does not pay. */
    public static final String FREE = "free";

    /** Whether it has ended for good, so that Stripe bills it no more. */
    public boolean hasEnded() {
        return switch (status) {
            case "canceled", "incomplete_expired" -> true;
            default -> false;
        };
    }

    /** Its attributes on the user's profile. */
    static final RecordSchema<Subscription> SCHEMA = RecordSchema
            .of(item -> new Subscription(item.get(SUBSCRIPTION_ID), item.get(SUBSCRIPTION_CUSTOMER_ID),
                    item.get(PLAN),
                    item.get(SUBSCRIPTION_STATUS), Optional.ofNullable(item.get(CURRENT_PERIOD_END)),
                    Boolean.TRUE.equals(item.get(CANCEL_AT_PERIOD_END)),
                    Optional.ofNullable(item.get(CANCEL_AT)), Optional.ofNullable(item.get(TRIAL_END)),
                    Boolean.TRUE.equals(item.get(PAYMENT_FAILED))))
            .with(SUBSCRIPTION_ID, Subscription::id).with(SUBSCRIPTION_CUSTOMER_ID, Subscription::customerId)
            .with(PLAN, Subscription::plan).with(SUBSCRIPTION_STATUS, Subscription::status)
            .with(CURRENT_PERIOD_END, subscription -> subscription.currentPeriodEnd().orElse(null))
            .with(CANCEL_AT_PERIOD_END, Subscription::cancelAtPeriodEnd)
            .with(CANCEL_AT, subscription -> subscription.cancelAt().orElse(null))
            .with(TRIAL_END, subscription -> subscription.trialEnd().orElse(null))
            .with(PAYMENT_FAILED, Subscription::paymentFailed);
}
