package usersapi.subscription;

import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;

/**
 * A user's subscription as Stripe last told it.
 *
 * @param id Stripe's id of it
 * @param customerId Stripe's id of the customer who pays
 * @param plan the plan that the user has by it now; {@link #FREE} where its status gives none
 * @param status Stripe's word, as {@code active}, {@code past_due} or {@code canceled}
 * @param currentPeriodEnd until when it is invoiced
 * @param cancelAtPeriodEnd whether it ends then instead of renewing
 * @param paymentFailed whether a payment is due that did not go through
 * @see <a href="https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses">Subscription statuses</a>
 */
public record Subscription(String id, String customerId, String plan, String status,
        Optional<Instant> currentPeriodEnd, boolean cancelAtPeriodEnd, boolean paymentFailed) {

    /** The plan of a user who does not pay. */
    public static final String FREE = "free";

    /** Whether it is over for good: Stripe bills nothing of it any more. */
    public boolean hasEnded() {
        return switch (status) {
            case "canceled", "incomplete_expired" -> true;
            default -> false;
        };
    }

    /** Its attributes on the user's item. */
    static final TableSchema<Subscription> SCHEMA = StaticImmutableTableSchema
            .builder(Subscription.class, Builder.class).newItemBuilder(Builder::new, Builder::build)
            .addAttribute(String.class, a -> a.name("stripe_subscription_id").getter(Subscription::id)
                    .setter((builder, value) -> builder.id = value))
            .addAttribute(String.class, a -> a.name("stripe_customer_id").getter(Subscription::customerId)
                    .setter((builder, value) -> builder.customerId = value))
            .addAttribute(String.class,
                    a -> a.name("plan").getter(Subscription::plan).setter((builder, value) -> builder.plan = value))
            .addAttribute(String.class, a -> a.name("subscription_status").getter(Subscription::status)
                    .setter((builder, value) -> builder.status = value))
            .addAttribute(Instant.class,
                    a -> a.name("current_period_end").getter(item -> item.currentPeriodEnd().orElse(null))
                            .setter((builder, value) -> builder.currentPeriodEnd = value))
            .addAttribute(Boolean.class, a -> a.name("cancel_at_period_end").getter(Subscription::cancelAtPeriodEnd)
                    .setter((builder, value) -> builder.cancelAtPeriodEnd = value))
            .addAttribute(Boolean.class, a -> a.name("payment_failed").getter(Subscription::paymentFailed)
                    .setter((builder, value) -> builder.paymentFailed = value))
            .build();

    private static final class Builder {
        private String id;
        private String customerId;
        private String plan;
        private String status;
        private Instant currentPeriodEnd;
        private boolean cancelAtPeriodEnd;
        private boolean paymentFailed;

        Subscription build() {
            return new Subscription(id, customerId, plan, status, Optional.ofNullable(currentPeriodEnd),
                    cancelAtPeriodEnd, paymentFailed);
        }
    }
}
