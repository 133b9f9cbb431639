package usersapi.session;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.CredentialsTable;

/** Finds the entries that list a user's sessions. */
final class SessionEntries {

    private static final String ALL = "%s = :list AND begins_with(%s, :sessions)"
            .formatted(CredentialsTable.LOOKUP.name(), CredentialsTable.CREDENTIAL.name());

    private SessionEntries() {}

    /** The entries of all sessions of the user, read consistently. Some sessions may have ended. */
    static List<SessionEntry> of(DynamoDbClient dynamoDb, String table, String userId) {
        var prefix = CredentialsTable.sessionOf(userId, "");
        return dynamoDb.queryPaginator(query -> query.tableName(table).consistentRead(true).keyConditionExpression(ALL)
                .expressionAttributeValues(Map.of(":list", AttributeValue.fromS(prefix.lookup()), ":sessions",
                        AttributeValue.fromS(prefix.credential()))))
                .items().stream().map(SessionEntry.SCHEMA::read).toList();
    }
}
