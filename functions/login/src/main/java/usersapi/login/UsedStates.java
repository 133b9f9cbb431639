package usersapi.login;

import static usersapi.table.CredentialsTable.CALLBACK;
import static usersapi.table.CredentialsTable.EXPIRES;
import static usersapi.table.CredentialsTable.LOOKUP;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

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
        // Kept for as long as the sign-in could be finished.
        var item = new HashMap<>(CredentialsTable.signIn(signIn.state().sha256()).attributes());
        CALLBACK.put(callback, item);
        EXPIRES.put(signIn.expires().getEpochSecond(), item);
        // Perhaps used by this callback, because the SDK repeats a write after a lost answer.
        var isUnused = "attribute_not_exists(%s) OR %s = :callback".formatted(LOOKUP.name(), CALLBACK.name());
        try {
            dynamoDb.putItem(put -> put.tableName(table).item(item)
                    .conditionExpression(isUnused)
                    .expressionAttributeValues(Map.of(":callback", AttributeValue.fromS(callback))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }
}
