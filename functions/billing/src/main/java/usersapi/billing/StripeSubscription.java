package usersapi.billing;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import usersapi.json.JsonObject;

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

        static Item of(JsonObject item) {
            return new Item(item.string("id").orElseThrow(), item.object("price").string("id").orElseThrow(),
                    item.number("quantity").orElse(1L), time(item, "current_period_end"));
        }
    }

    /** Reads an object of Stripe's. */
    static StripeSubscription of(JsonObject read) {
        return new StripeSubscription(read.string("id").orElseThrow(), read.string("customer").orElseThrow(),
                read.string("status").orElseThrow(), read.object("metadata").string(USER_ID),
                read.object("items").objects("data").orElseThrow().stream().map(Item::of).toList(),
                read.number("created").orElseThrow(), time(read, "cancel_at"),
                Boolean.TRUE.equals(read.get("cancel_at_period_end")), time(read, "trial_end"),
                read.get("schedule") != null);
    }

    private static Optional<Instant> time(JsonObject read, String name) {
        return read.number(name).map(Instant::ofEpochSecond);
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
