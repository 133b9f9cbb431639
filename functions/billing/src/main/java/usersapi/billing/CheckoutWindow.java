package usersapi.billing;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.item.Conditions;
import usersapi.item.ItemKey;
import usersapi.item.UsersTable;

/**
 * The minute in which asking again for the same plan means the same checkout: a double click, or the way back from Stripe's
 * page. It starts with the first request, which the user's item remembers; a minute of the clock would have an edge, and a
 * double click across it would make two checkouts.
 */
final class CheckoutWindow {

    private static final Duration LENGTH = Duration.ofMinutes(1);
    private static final int MOST_ATTEMPTS = 10;

    private final DynamoDbTable<Item> items;
    private final Clock clock;

    @Inject
    CheckoutWindow(DynamoDbEnhancedClient dynamoDb, UsersTable table, Clock clock) {
        this.items = dynamoDb.table(table.name(), Item.SCHEMA);
        this.clock = clock;
    }

    /**
     * When the user's window for this plan opened, which may be now. Of requests at once one opens it and the others find it
     * open.
     *
     * @return empty if there is no such user
     */
    Optional<Instant> opened(String userId, String plan) {
        var key = ItemKey.profile(userId);
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var last = items.getItem(get -> get.key(key.toKey()).consistentRead(true));
            if (last == null) {
                return Optional.empty();
            }
            var now = clock.instant();
            if (plan.equals(last.plan) && now.isBefore(last.opened.plus(LENGTH))) {
                return Optional.of(last.opened);
            }
            if (replace(last, new Item(key, plan, now))) {
                return Optional.of(now);
            }
        }
        throw new IllegalStateException("others opened a checkout in each of " + MOST_ATTEMPTS + " attempts");
    }

    /** False if another request opened a window meanwhile, or the user is gone. */
    private boolean replace(Item last, Item now) {
        try {
            items.updateItem(update -> update.item(now).conditionExpression(Conditions.isStill("checkout_opened",
                    Optional.ofNullable(last.opened).map(opened -> AttributeValue.fromS(opened.toString())))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** The part of the user's item that this class reads and writes; an update touches no other attribute. */
    private record Item(ItemKey key, String plan, Instant opened) {

        static final TableSchema<Item> SCHEMA = StaticImmutableTableSchema.builder(Item.class, Builder.class)
                .newItemBuilder(Builder::new, Builder::build)
                .flatten(ItemKey.SCHEMA, Item::key, (builder, value) -> builder.key = value)
                .addAttribute(String.class, a -> a.name("checkout_plan").getter(Item::plan)
                        .setter((builder, value) -> builder.plan = value))
                .addAttribute(Instant.class, a -> a.name("checkout_opened").getter(Item::opened)
                        .setter((builder, value) -> builder.opened = value))
                .build();

        private static final class Builder {
            private ItemKey key;
            private String plan;
            private Instant opened;

            Item build() {
                return new Item(key, plan, opened);
            }
        }
    }
}
