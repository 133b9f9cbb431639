package usersapi.token;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

/** The access tokens, each found by its SHA-256. */
public final class AccessTokenRepository {

    private final DynamoDbTable<AccessTokenItem> tokens;
    private final Clock clock;

    @Inject
    AccessTokenRepository(DynamoDbEnhancedClient dynamoDb, CredentialsTable credentials, Clock clock) {
        this.tokens = dynamoDb.table(credentials.name(), AccessTokenItem.SCHEMA);
        this.clock = clock;
    }

    /**
     * The token, if it is valid now. Expiry is checked here: DynamoDB deletes expired items only within a few days
     * (Developer Guide, «Using time to live»). The read is consistent, so that an ended token is refused at once.
     */
    public Optional<AccessToken> find(OpaqueToken token) {
        var key = CredentialsTable.accessToken(token.sha256()).toKey();
        return Optional.ofNullable(tokens.getItem(get -> get.key(key).consistentRead(true)))
                .filter(item -> item.isValid(clock.instant().getEpochSecond())).map(AccessTokenItem::toAccessToken);
    }
}
