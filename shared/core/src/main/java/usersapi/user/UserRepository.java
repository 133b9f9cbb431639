package usersapi.user;

import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.table.UsersTable;

/** The users. */
public final class UserRepository {

    private final DynamoDbClient dynamoDb;
    private final String table;

    @Inject
    UserRepository(DynamoDbClient dynamoDb, UsersTable users) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
    }

    /** The user of that external id, read consistently, so that a shown token is the valid one. */
    public Optional<User> find(String userId) {
        return User.SCHEMA.find(dynamoDb, table, UsersTable.attributes(UsersTable.profile(userId)));
    }
}
