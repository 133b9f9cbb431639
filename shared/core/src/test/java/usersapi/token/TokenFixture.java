package usersapi.token;

import java.security.SecureRandom;
import java.time.Clock;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import usersapi.CoreFixture;
import usersapi.session.SessionFixture;
import usersapi.table.CredentialsTable;
import usersapi.testing.LocalTables;
import usersapi.wiring.CoreModule;

/** This package's parts for the tests of others. */
public final class TokenFixture {

    private TokenFixture() {}

    /** A cipher with the key ring of the environment. */
    public static TokenCipher cipher(LocalTables tables) {
        return new TokenCipher(keyRing(tables, Clock.systemUTC()), new SecureRandom());
    }

    static KeyRing keyRing(LocalTables tables, Clock clock) {
        return new KeyRing(() -> CoreFixture.secretsManager(tables), new TokenKeySecret(tables::variable), clock);
    }

    /** The repository as the functions have it. */
    public static AccessTokenRepository repository(LocalTables tables) {
        return repository(CoreFixture.client(tables), CoreFixture.credentials(tables), Clock.systemUTC());
    }

    /** The same, of these parts. */
    public static AccessTokenRepository repository(DynamoDbClient dynamoDb, CredentialsTable credentials,
            Clock clock) {
        return new AccessTokenRepository(dynamoDb, credentials, clock);
    }

    /** The functions' own class, with their own randomness. */
    public static AccessTokenReplacement replacement(LocalTables tables) {
        return replacement(tables, new SecureRandom());
    }

    static AccessTokenReplacement replacement(LocalTables tables, SecureRandom random) {
        return replacement(tables, CoreModule.dynamoDb(UrlConnectionHttpClient.create(), tables::variable), random);
    }

    /** The same, and this step comes right before the first transaction. */
    static AccessTokenReplacement replacement(LocalTables tables, Runnable beforeTransaction) {
        var step = CoreFixture.once(beforeTransaction);
        return replacement(tables, CoreFixture.client(tables, request -> {
            if (request instanceof TransactWriteItemsRequest) {
                step.run();
            }
        }), new SecureRandom());
    }

    private static AccessTokenReplacement replacement(LocalTables tables, DynamoDbClient client, SecureRandom random) {
        var queue = new ReplacementQueue(client, CoreFixture.users(tables), new SecureRandom());
        return new AccessTokenReplacement(client, CoreFixture.users(tables), CoreFixture.credentials(tables),
                SessionFixture.check(client, CoreFixture.credentials(tables)), queue, cipher(tables), random,
                Clock.systemUTC());
    }
}
