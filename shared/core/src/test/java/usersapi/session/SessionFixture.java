package usersapi.session;

import java.time.Clock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.table.CredentialsTable;

/** The parts that have to do with sessions, for tests of other packages. */
public final class SessionFixture {

    private SessionFixture() {}

    /** The repository as the functions have it. */
    public static SessionRepository repository(DynamoDbClient dynamoDb, CredentialsTable credentials,
            SessionIdleLimit limit, Clock clock) {
        return new SessionRepository(dynamoDb, credentials, limit, clock);
    }

    /** The check as the functions have it. */
    public static SessionCheck check(DynamoDbClient dynamoDb, CredentialsTable credentials) {
        return new SessionCheck(dynamoDb, credentials);
    }
}
