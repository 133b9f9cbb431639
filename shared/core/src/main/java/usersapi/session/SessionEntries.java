package usersapi.session;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import usersapi.table.BatchDeletion;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.CredentialsTable;

/** The entries that list a user's sessions. */
final class SessionEntries {

    private SessionEntries() {}

    /** The entries of all sessions of the user, read consistently. Some sessions may have ended. */
    static List<SessionEntry> of(DynamoDbClient dynamoDb, String table, String userId) {
        var all = CredentialsTable.startingWith(CredentialsTable.sessionOf(userId, ""));
        var entries = new ArrayList<SessionEntry>();
        // Not the SDK's paginator, which allocates 5 KB more.
        QueryResponse page = null;
        do {
            var start = page == null ? null : page.lastEvaluatedKey();
            page = dynamoDb
                    .query(query -> query.tableName(table).consistentRead(true).keyConditionExpression(all.expression())
                            .expressionAttributeValues(all.values()).exclusiveStartKey(start));
            page.items().stream().map(SessionEntry.SCHEMA::read).forEach(entries::add);
        } while (page.hasLastEvaluatedKey());
        return entries;
    }

    /**
     * Deletes sessions and then the entries with these keys. In this order a repetition after an interruption finds the rest:
     * a session without an entry could be ended by nobody.
     */
    static void deleteWithSessions(DynamoDbClient dynamoDb, String table, List<ItemKey> entries) {
        BatchDeletion.delete(dynamoDb, table,
                entries.stream().map(entry -> CredentialsTable.session(entry.sha256()).attributes()).toList());
        BatchDeletion.delete(dynamoDb, table, entries.stream().map(ItemKey::attributes).toList());
    }
}
