package usersapi.session;

import jakarta.inject.Inject;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import usersapi.lambda.Principal;
import usersapi.table.CredentialsTable;

/**
 * Checks that the session of a request still exists when a credential is made or shown. The authorizer has checked it earlier,
 * and it may have ended since; then the request must not get a credential that outlives the session. So ending a user's
 * sessions first and then the tokens ends all of them.
 *
 * <p>A session is named by its id in the user's list.
 */
public final class SessionCheck {

    private final DynamoDbClient dynamoDb;
    private final String table;

    @Inject
    SessionCheck(DynamoDbClient dynamoDb, CredentialsTable credentials) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
    }

    /** The part of a transaction that makes it fail if the session has ended. */
    public TransactWriteItem whileThere(String id) {
        return TransactWriteItem.builder()
                .conditionCheck(check -> check.tableName(table).key(CredentialsTable.session(id).attributes())
                        .conditionExpression("attribute_exists(" + CredentialsTable.LOOKUP.name() + ")"))
                .build();
    }

    /**
     * Whether the session exists, by a consistent read. A credential may be shown if it was read before this call: if the session
     * exists now, it had not ended when that credential was made.
     */
    public boolean isThere(String id) {
        return dynamoDb.getItem(get -> get.tableName(table).key(CredentialsTable.session(id).attributes())
                .consistentRead(true).projectionExpression(CredentialsTable.LOOKUP.name())).hasItem();
    }

    /** {@link #isThere(String)} for the session of a caller; false for a caller without a session. */
    public boolean isThere(Principal caller) {
        return caller.credentialId().filter(this::isThere).isPresent();
    }
}
