package usersapi.token;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

/** The access tokens, each found by its SHA-256. */
public final class AccessTokenRepository {

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Clock clock;

    @Inject
    AccessTokenRepository(DynamoDbClient dynamoDb, CredentialsTable credentials, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = credentials.name();
        this.clock = clock;
    }

    /**
     * The token, if it is valid now. Expiry is checked here: DynamoDB deletes expired items only within a few days
     * (Developer Guide, «Using time to live»). The read is consistent, so that an ended token is refused at once.
     */
    public Optional<AccessToken> find(OpaqueToken token) {
        return AccessTokenItem.SCHEMA
                .find(dynamoDb, table, CredentialsTable.accessToken(token.sha256()).attributes())
                .filter(item -> item.isValid(clock.instant().getEpochSecond())).map(AccessTokenItem::toAccessToken);
    }
}
