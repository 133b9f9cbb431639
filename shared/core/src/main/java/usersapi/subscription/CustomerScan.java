package usersapi.subscription;

import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.operator.ProfileScan;
import usersapi.operator.Segment;
import usersapi.table.Condition;
import usersapi.table.UsersTable;

/** Goes through all users who are customers at Stripe. This reads the whole table. */
public final class CustomerScan {

    private final ProfileScan profiles;

    @Inject
    CustomerScan(ProfileScan profiles) {
        this.profiles = profiles;
    }

    /**
     * Calls the action for each of them, one after the other, until the end or until time runs out, but for at least one.
     *
     * @param segment the part of the users; empty for all
     * @param lapsed if given, only users whose recorded subscription has not ended but whose period ended before this time
     * @param from where an earlier run stopped; empty for the beginning
     * @return where to continue; empty at the end
     */
    public Optional<String> forEach(Optional<Segment> segment, Optional<Instant> lapsed, Optional<String> from,
            BooleanSupplier timeIsLeft, Consumer<String> action) {
        return profiles.forEach(segment, Optional.of(condition(lapsed)), from, timeIsLeft, action);
    }

    private static Condition condition(Optional<Instant> lapsed) {
        var customers = new Condition("attribute_exists(" + UsersTable.CUSTOMER_ID.name() + ")", Map.of());
        return lapsed.map(now -> customers.and(new Condition(
                "%s < :now AND NOT %s IN (:canceled, :expired)".formatted(UsersTable.CURRENT_PERIOD_END.name(),
                        UsersTable.SUBSCRIPTION_STATUS.name()),
                Map.of(":now", AttributeValue.fromS(now.toString()), ":canceled", AttributeValue.fromS("canceled"),
                        ":expired", AttributeValue.fromS("incomplete_expired")))))
                .orElse(customers);
    }
}
