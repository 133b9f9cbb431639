package usersapi.login;

import static usersapi.table.CredentialsTable.CALLBACK;
import static usersapi.table.CredentialsTable.CREDENTIAL;
import static usersapi.table.CredentialsTable.EXPIRES;
import static usersapi.table.CredentialsTable.LOOKUP;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.RecordSchema;

/**
 * The states of sign-ins that have come back from the provider. Nothing is written when a sign-in begins, because anybody
 * may begin one at any rate.
 */
final class UsedStates {

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final SecureRandom random;

    @Inject
    UsedStates(DynamoDbClient dynamoDb, CredentialsTable credentials, SecureRandom random) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.random = random;
    }

    /**
     * Uses the state of a sign-in up.
     *
     * @return false if it was used before
     */
    boolean use(PendingSignIn signIn) {
        var callback = OpaqueToken.random(random).sha256();
        var used = new UsedState(CredentialsTable.signIn(signIn.state().sha256()), callback,
                signIn.expires().getEpochSecond());
        // Perhaps used by this callback, because the SDK repeats a write after a lost answer.
        var isUnused = "attribute_not_exists(%s) OR %s = :callback".formatted(LOOKUP.name(), CALLBACK.name());
        try {
            dynamoDb.putItem(put -> put.tableName(table).item(UsedState.SCHEMA.write(used))
                    .conditionExpression(isUnused)
                    .expressionAttributeValues(Map.of(":callback", AttributeValue.fromS(callback))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /**
     * An item that keeps a state from being used again, for as long as the sign-in could be finished.
     *
     * @param callback the callback that used it
     */
    private record UsedState(ItemKey key, String callback, Long expires) {

        static final RecordSchema<UsedState> SCHEMA = RecordSchema
                .of(item -> new UsedState(new ItemKey(item.get(LOOKUP), item.get(CREDENTIAL)), item.get(CALLBACK),
                        item.get(EXPIRES)))
                .key(LOOKUP, item -> item.key().lookup()).key(CREDENTIAL, item -> item.key().credential())
                .with(CALLBACK, UsedState::callback).with(EXPIRES, UsedState::expires);
    }
}
