package usersapi.session;

import java.util.List;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import usersapi.table.CredentialsTable;

/** Finds the entries that list a user's sessions. */
final class SessionEntries {

    private SessionEntries() {}

    /** The entries of all sessions of the user, read consistently. Some sessions may have ended. */
    static List<SessionEntry> of(DynamoDbTable<SessionEntry> entries, String userId) {
        var all = QueryConditional.sortBeginsWith(CredentialsTable.sessionOf(userId, "").toKey());
        return entries.query(query -> query.queryConditional(all).consistentRead(true)).items().stream().toList();
    }
}
