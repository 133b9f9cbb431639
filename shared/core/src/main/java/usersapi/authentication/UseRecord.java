package usersapi.authentication;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.lambda.CurrentInvocation;
import usersapi.table.Attribute;
import usersapi.table.CredentialsTable;

/** Records when credentials are used, each at most once an hour, so that most authorizations write nothing. */
final class UseRecord {

    private static final Duration INTERVAL = Duration.ofHours(1);
    /** The limit of the write, because a request waits for it. */
    private static final Duration MAX_TIME = Duration.ofSeconds(1);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Clock clock;

    @Inject
    UseRecord(DynamoDbClient dynamoDb, CredentialsTable credentials, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.clock = clock;
    }

    /**
     * Records that the credential is used now, unless it was used within the last hour. One of several requests at the same
     * time writes. A credential that has ended meanwhile does not come back.
     *
     * @param last the attribute's value when the item was read
     * @return why the write failed, if it did. The request may continue; the next one tries again
     */
    Optional<RuntimeException> record(CredentialsTable.ItemKey key, Attribute<Long> attribute, Optional<Long> last) {
        long now = clock.instant().getEpochSecond();
        if (last.filter(time -> now - time < INTERVAL.toSeconds()).isPresent()) {
            return Optional.empty();
        }
        var values = new HashMap<>(Map.of(":now", AttributeValue.fromN(Long.toString(now))));
        last.ifPresent(time -> values.put(":last", AttributeValue.fromN(Long.toString(time))));
        var condition = last.isPresent()
                ? attribute.name() + " = :last"
                : "attribute_exists(%s) AND attribute_not_exists(%s)".formatted(CredentialsTable.LOOKUP.name(),
                        attribute.name());
        try {
            CurrentInvocation.part(MAX_TIME, () -> dynamoDb.updateItem(update -> update.tableName(table)
                    .key(key.attributes()).updateExpression("SET %s = :now".formatted(attribute.name()))
                    .conditionExpression(condition).expressionAttributeValues(values)));
            return Optional.empty();
        } catch (ConditionalCheckFailedException recordedOrEnded) {
            return Optional.empty();
        } catch (SdkException e) {
            return Optional.of(e);
        }
    }
}
