package usersapi.billing;

import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A subscription as Stripe describes it now.
 *
 * @param userId the user for whom this API's checkout made it; empty for one that was made otherwise
 * @param isScheduled whether a schedule changes it
 * @param created in epoch seconds
 */
record StripeSubscription(String id, String customerId, String status, Optional<String> userId, List<Item> items,
        long created, Optional<Instant> cancelAt, boolean cancelAtPeriodEnd, Optional<Instant> trialEnd,
        boolean isScheduled) {

    /** The metadata that names the user; a subscription does not have its checkout's reference. */
    static final String USER_ID = "external_id";

    /** One paid price. */
    record Item(String id, String price, long quantity, Optional<Instant> periodEnd) {

        static Item of(SubscriptionItem item) {
            return new Item(item.getId(), item.getPrice().getId(), Objects.requireNonNullElse(item.getQuantity(), 1L),
                    Optional.ofNullable(item.getCurrentPeriodEnd()).map(Instant::ofEpochSecond));
        }
    }

    static StripeSubscription of(Subscription read) {
        return new StripeSubscription(read.getId(), read.getCustomer(), read.getStatus(),
                Optional.ofNullable(read.getMetadata()).map(metadata -> metadata.get(USER_ID)),
                read.getItems().getData().stream().map(Item::of).toList(), read.getCreated(),
                Optional.ofNullable(read.getCancelAt()).map(Instant::ofEpochSecond),
                Boolean.TRUE.equals(read.getCancelAtPeriodEnd()),
                Optional.ofNullable(read.getTrialEnd()).map(Instant::ofEpochSecond), read.getSchedule() != null);
    }

    /** Whether Stripe may still bill it. */
    boolean isLiving() {
        return !status.equals("canceled") && !status.equals("incomplete_expired");
    }

    /** Whether it ever took effect: its first payment, if one was due, succeeded. */
    boolean hasBegun() {
        return !status.equals("incomplete_expired");
    }

    /** Whether its status gives a plan. */
    boolean isProviding() {
        return switch (status) {
            case "active", "trialing", "past_due" -> true;
            default -> false;
        };
    }

    /** Whether a due payment failed. */
    boolean isPaymentFailed() {
        return switch (status) {
            case "past_due", "unpaid", "incomplete" -> true;
            default -> false;
        };
    }

    List<String> prices() {
        return items.stream().map(Item::price).toList();
    }

    /** The end of the invoiced period; with several items the latest one. */
    Optional<Instant> periodEnd() {
        return items.stream().flatMap(item -> item.periodEnd.stream()).max(Comparator.naturalOrder());
    }

    /** Whether it ends with its period or before; with flexible billing the portal sets only {@code cancel_at}. */
    boolean isEnding() {
        return cancelAtPeriodEnd || cancelAt.filter(at -> periodEnd().filter(at::isAfter).isEmpty()).isPresent();
    }
}
