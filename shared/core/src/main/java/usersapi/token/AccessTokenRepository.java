package usersapi.token;

import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import usersapi.credential.OpaqueToken;
import usersapi.table.CredentialsTable;

/** The access tokens, each found by its SHA-256. */
public final class AccessTokenRepository {

    private final DynamoDbTable<TokenOwner> owners;

    @Inject
    AccessTokenRepository(DynamoDbEnhancedClient dynamoDb, CredentialsTable credentials) {
        this.owners = dynamoDb.table(credentials.name(), TokenOwner.SCHEMA);
    }

    /** The external id of the user whose token this is now; empty if it is nobody's. Read consistently. */
    public Optional<String> findOwner(OpaqueToken token) {
        var key = CredentialsTable.accessToken(token.sha256()).toKey();
        return Optional.ofNullable(owners.getItem(get -> get.key(key).consistentRead(true))).map(TokenOwner::userId);
    }
}
