package usersapi.session;

import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import usersapi.table.CredentialsTable;

/** Ends single sessions, whoever's they are: for who holds the session, or has proved to be its user. */
public final class SessionClosing {

    private final DynamoDbTable<SessionItem> sessions;
    private final DynamoDbTable<SessionEntry> entries;

    @Inject
    SessionClosing(DynamoDbEnhancedClient dynamoDb, CredentialsTable credentials) {
        this.sessions = dynamoDb.table(credentials.name(), SessionItem.SCHEMA);
        this.entries = dynamoDb.table(credentials.name(), SessionEntry.SCHEMA);
    }

    /**
     * Ends a session at once; one that is not there is no error.
     *
     * @param sha256 of the session's id
     * @return whose it was; empty if it was not there
     */
    public Optional<String> close(String sha256) {
        var closed = sessions.deleteItem(CredentialsTable.session(sha256).toKey());
        if (closed == null) {
            return Optional.empty();
        }
        // An entry left behind, should this fail, is harmless: it names a session that is closed, and expires with it.
        entries.deleteItem(CredentialsTable.sessionOf(closed.userId(), sha256).toKey());
        return Optional.of(closed.userId());
    }
}
