package usersapi.billing;

import static usersapi.table.UsersTable.CHECKOUT_OPENED;
import static usersapi.table.UsersTable.CHECKOUT_PLAN;
import static usersapi.table.UsersTable.ID;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.table.Conditions;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;

/**
 * The minute in which asking again for the same plan means the same checkout: a double click, or the way back from Stripe's
 * page. It starts with the first request, which the user's profile remembers; a minute of the clock would have an edge, and a
 * double click across it would make two checkouts.
 */
final class CheckoutWindow {

    private static final Duration LENGTH = Duration.ofMinutes(1);
    private static final int MAX_ATTEMPTS = 10;

    private final DynamoDbTable<LastCheckout> profiles;
    private final Clock clock;

    @Inject
    CheckoutWindow(DynamoDbEnhancedClient dynamoDb, UsersTable users, Clock clock) {
        this.profiles = dynamoDb.table(users.name(), LastCheckout.SCHEMA);
        this.clock = clock;
    }

    /**
     * When the user's window for this plan opened, which may be now. Of requests at once one opens it and the others find it
     * open.
     *
     * @return empty if there is no such user
     */
    Optional<Instant> opened(String userId, String plan) {
        var id = UsersTable.profile(userId);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            var last = profiles.getItem(get -> get.key(UsersTable.key(id)).consistentRead(true));
            if (last == null) {
                return Optional.empty();
            }
            var now = clock.instant();
            if (plan.equals(last.plan) && now.isBefore(last.opened.plus(LENGTH))) {
                return Optional.of(last.opened);
            }
            if (replace(last, new LastCheckout(id, plan, now))) {
                return Optional.of(now);
            }
        }
        throw new IllegalStateException("others opened a checkout in each of " + MAX_ATTEMPTS + " attempts");
    }

    /** False if another request opened a window meanwhile, or the user is gone. */
    private boolean replace(LastCheckout last, LastCheckout now) {
        try {
            profiles.updateItem(update -> update.item(now).conditionExpression(Conditions.isStill(ID, CHECKOUT_OPENED,
                    Optional.ofNullable(last.opened).map(opened -> AttributeValue.fromS(opened.toString())))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** The part of the profile that this class reads and writes; an update touches no other attribute. */
    private record LastCheckout(String id, String plan, Instant opened) {

        static final TableSchema<LastCheckout> SCHEMA = RecordSchema
                .of(LastCheckout.class,
                        item -> new LastCheckout(item.get(ID), item.get(CHECKOUT_PLAN), item.get(CHECKOUT_OPENED)))
                .partitionKey(ID, LastCheckout::id).with(CHECKOUT_PLAN, LastCheckout::plan)
                .with(CHECKOUT_OPENED, LastCheckout::opened).build();
    }
}
