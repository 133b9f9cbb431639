package usersapi.session;

import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import usersapi.table.CredentialsTable;

/** Ends single sessions of any user, for a caller who holds the session or has proved to be its user. */
public final class SessionClosing {

    private final DynamoDbTable<SessionItem> sessions;
    private final DynamoDbTable<SessionEntry> entries;

    @Inject
    SessionClosing(DynamoDbEnhancedClient dynamoDb, CredentialsTable credentials) {
        this.sessions = dynamoDb.table(credentials.name(), SessionItem.SCHEMA);
        this.entries = dynamoDb.table(credentials.name(), SessionEntry.SCHEMA);
    }

    /**
     * Ends a session at once; a session that does not exist is no error.
     *
     * @param sha256 of the session's id
     * @return external id of its user; empty if there was no such session
     */
    public Optional<String> close(String sha256) {
        var closed = sessions.deleteItem(CredentialsTable.session(sha256).toKey());
        if (closed == null) {
            return Optional.empty();
        }
        // If this fails, the entry that stays is harmless: it names a closed session, and expires with it.
        entries.deleteItem(CredentialsTable.sessionOf(closed.userId(), sha256).toKey());
        return Optional.of(closed.userId());
    }
}
