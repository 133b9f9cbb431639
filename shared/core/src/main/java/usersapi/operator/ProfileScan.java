package usersapi.operator;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.Condition;
import usersapi.table.UsersTable;

/** Goes through all users. This reads the whole table. */
public final class ProfileScan {

    private static final int PAGE = 500;
    private static final String ID = UsersTable.ID.name();
    private static final Condition PROFILES = new Condition("begins_with(" + ID + ", :profiles)",
            Map.of(":profiles", AttributeValue.fromS(UsersTable.PROFILE_PREFIX)));

    private final DynamoDbClient dynamoDb;
    private final String table;

    @Inject
    ProfileScan(DynamoDbClient dynamoDb, UsersTable users) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
    }

    /**
     * Calls the action for each user's external id, one after the other, until the end or until time runs out, but for at
     * least one.
     *
     * @param segment the part of the users; empty for all
     * @param condition if given, only users whose profile fulfils it
     * @param from where an earlier run stopped; empty for the beginning
     * @return where to continue; empty at the end
     */
    public Optional<String> forEach(Optional<Segment> segment, Optional<Condition> condition, Optional<String> from,
            BooleanSupplier timeIsLeft, Consumer<String> action) {
        var next = from;
        var filter = condition.map(PROFILES::and).orElse(PROFILES);
        do {
            var start = next.map(UsersTable::attributes).orElse(null);
            var page = dynamoDb.scan(scan -> {
                segment.ifPresent(part -> part.limit(scan));
                scan.tableName(table).consistentRead(true).limit(PAGE).filterExpression(filter.expression())
                        .expressionAttributeValues(filter.values()).projectionExpression(ID)
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
}
