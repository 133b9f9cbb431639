package usersapi.billing;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import usersapi.table.UsersTable;

/**
 * Limits a user's requests that ask Stripe, by the minute of the clock. Stripe's own limit is for the whole account, and one
 * user must not use it up.
 *
 * @see <a href="https://docs.stripe.com/rate-limits">Rate limits</a>
 */
final class RequestLimit {

    private static final long MINUTE = 60;

    private static final String MINUTE_NAME = UsersTable.STRIPE_MINUTE.name();
    private static final String REQUESTS_NAME = UsersTable.STRIPE_REQUESTS.name();
    private static final String BEGIN_MINUTE = "SET %s = :minute, %s = :one".formatted(MINUTE_NAME, REQUESTS_NAME);
    private static final String IS_NEW_MINUTE = "attribute_exists(%s) AND (attribute_not_exists(%s) OR %2$s < :minute)"
            .formatted(UsersTable.ID.name(), MINUTE_NAME);

    private final DynamoDbClient dynamoDb;
    private final UsersTable table;
    private final StripeApi stripe;
    private final RequestsPerMinute max;
    private final Clock clock;

    @Inject
    RequestLimit(DynamoDbClient dynamoDb, UsersTable table, StripeApi stripe, RequestsPerMinute max, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.stripe = stripe;
        this.max = max;
        this.clock = clock;
    }

    /**
     * Counts a request of the user, and begins to fetch the key that the request needs next.
     *
     * @return when to try again, if the user has made too many requests; empty if not, or if the user was deleted
     */
    Optional<Duration> exceeded(String userId) {
        stripe.begin();
        var second = clock.instant().getEpochSecond();
        return isFirst(userId, second / MINUTE) || isCounted(userId)
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(MINUTE - second % MINUTE));
    }

    /**
     * Counts the first request of this minute; returns false if there was one before, or one of a later minute by another
     * clock.
     */
    private boolean isFirst(String userId, long minute) {
        try {
            dynamoDb.updateItem(update -> update.tableName(table.name())
                    .key(UsersTable.attributes(UsersTable.profile(userId)))
                    .updateExpression(BEGIN_MINUTE).conditionExpression(IS_NEW_MINUTE)
                    .expressionAttributeValues(Map.of(":one", number(1), ":minute", number(minute))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** Counts a further request of the minute; returns false if it is one too many. */
    private boolean isCounted(String userId) {
        try {
            dynamoDb.updateItem(update -> update.tableName(table.name())
                    .key(UsersTable.attributes(UsersTable.profile(userId)))
                    .updateExpression("ADD " + REQUESTS_NAME + " :one")
                    .conditionExpression(REQUESTS_NAME + " < :max")
                    .expressionAttributeValues(Map.of(":one", number(1), ":max", number(max.value())))
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return !e.hasItem();
        }
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
