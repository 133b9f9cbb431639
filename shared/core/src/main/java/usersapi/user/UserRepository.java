package usersapi.user;

import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import usersapi.table.UsersTable;

/** The users. */
public final class UserRepository {

    private final DynamoDbTable<User> profiles;

    @Inject
    UserRepository(DynamoDbEnhancedClient dynamoDb, UsersTable users) {
        this.profiles = dynamoDb.table(users.name(), User.SCHEMA);
    }

    /** The user of that external id, read consistently, so that a shown token is the valid one. */
    public Optional<User> find(String userId) {
        var key = UsersTable.key(UsersTable.profile(userId));
        return Optional.ofNullable(profiles.getItem(get -> get.key(key).consistentRead(true)));
    }
}
