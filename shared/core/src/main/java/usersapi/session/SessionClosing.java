package usersapi.session;

import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import usersapi.table.CredentialsTable;

/** Ends single sessions of any user, for a caller who holds the session or has proved to be its user. */
public final class SessionClosing {

    private final DynamoDbClient dynamoDb;
    private final String table;

    @Inject
    SessionClosing(DynamoDbClient dynamoDb, CredentialsTable credentials) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
    }

    /**
     * Ends a session at once; a session that does not exist is no error.
     *
     * @param sha256 of the session's id
     * @return external id of its user; empty if there was no such session
     */
    public Optional<String> close(String sha256) {
        var session = CredentialsTable.session(sha256).attributes();
        var closed = SessionItem.SCHEMA.read(dynamoDb.deleteItem(
                delete -> delete.tableName(table).key(session).returnValues(ReturnValue.ALL_OLD)).attributes());
        if (closed == null) {
            return Optional.empty();
        }
        // If this fails, the entry that stays is harmless: it names a closed session, and expires with it.
        var entry = CredentialsTable.sessionOf(closed.userId(), sha256).attributes();
        dynamoDb.deleteItem(delete -> delete.tableName(table).key(entry));
        return Optional.of(closed.userId());
    }
}
