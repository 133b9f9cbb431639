package usersapi.subscription;

import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.operator.Segment;
import usersapi.table.UsersTable;

/** Goes through all users who are customers at Stripe. This reads the whole table. */
public final class CustomerScan {

    private static final int PAGE = 500;
    private static final String ID = UsersTable.ID.name();

    private final DynamoDbClient dynamoDb;
    private final String table;

    @Inject
    CustomerScan(DynamoDbClient dynamoDb, UsersTable users) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
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
            BooleanSupplier timeIsLeft,
            Consumer<String> action) {
        var next = from;
        var filter = filter(lapsed);
        do {
            var start = next.map(UsersTable::attributes).orElse(null);
            var page = dynamoDb.scan(scan -> {
                segment.ifPresent(part -> part.limit(scan));
                scan.tableName(table).consistentRead(true).limit(PAGE).filterExpression(filter.expression())
                        .expressionAttributeValues(filter.expressionValues()).projectionExpression(ID)
                        .exclusiveStartKey(start);
            });
            var ids = page.items().stream().map(item -> item.get(ID).s()).toList();
            for (int i = 0; i < ids.size(); i++) {
                action.accept(ids.get(i).substring(UsersTable.PROFILE_PREFIX.length()));
                boolean isLast = i == ids.size() - 1 && !page.hasLastEvaluatedKey();
                if (!isLast && !timeIsLeft.getAsBoolean()) {
                    return Optional.of(ids.get(i));
                }
            }
            next = Optional.ofNullable(page.lastEvaluatedKey().get(ID)).map(AttributeValue::s);
        } while (next.isPresent() && timeIsLeft.getAsBoolean());
        return next;
    }

    private static Expression filter(Optional<Instant> lapsed) {
        var customers = Expression.builder()
                .expression("begins_with(%s, :profiles) AND attribute_exists(%s)".formatted(ID,
                        UsersTable.CUSTOMER_ID.name()))
                .putExpressionValue(":profiles", AttributeValue.fromS(UsersTable.PROFILE_PREFIX)).build();
        return lapsed.map(now -> customers.and(Expression.builder()
                .expression("%s < :now AND NOT %s IN (:canceled, :expired)"
                        .formatted(UsersTable.CURRENT_PERIOD_END.name(), UsersTable.SUBSCRIPTION_STATUS.name()))
                .putExpressionValue(":now", AttributeValue.fromS(now.toString()))
                .putExpressionValue(":canceled", AttributeValue.fromS("canceled"))
                .putExpressionValue(":expired", AttributeValue.fromS("incomplete_expired")).build())).orElse(customers);
    }
}
