package usersapi.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import usersapi.table.BatchDeletion;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.CredentialsTable;

/** The entries that list a user's sessions. */
final class SessionEntries {

    private static final String ALL = "%s = :list AND begins_with(%s, :sessions)"
            .formatted(CredentialsTable.LOOKUP.name(), CredentialsTable.CREDENTIAL.name());

    private SessionEntries() {}

    /** The entries of all sessions of the user, read consistently. Some sessions may have ended. */
    static List<SessionEntry> of(DynamoDbClient dynamoDb, String table, String userId) {
        var prefix = CredentialsTable.sessionOf(userId, "");
        var values = Map.of(":list", AttributeValue.fromS(prefix.lookup()), ":sessions",
                AttributeValue.fromS(prefix.credential()));
        var entries = new ArrayList<SessionEntry>();
        // Not the SDK's paginator, which allocates 5 KB more.
        QueryResponse page = null;
        do {
            var start = page == null ? null : page.lastEvaluatedKey();
            page = dynamoDb.query(query -> query.tableName(table).consistentRead(true).keyConditionExpression(ALL)
                    .expressionAttributeValues(values).exclusiveStartKey(start));
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
