package usersapi;

import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.table.CredentialsTable;
import usersapi.table.FilesTable;
import usersapi.table.StorageTotalsTable;
import usersapi.table.UsersTable;
import usersapi.testing.LocalTables;
import usersapi.wiring.CoreModule;

/** The parts that repositories are made of, as the functions have them, on the local servers of {@code LocalTables}. */
public final class CoreFixture {

    private CoreFixture() {}

    /** The functions' own client. */
    public static DynamoDbClient client(LocalTables tables) {
        return CoreModule.dynamoDb(UrlConnectionHttpClient.create(), tables::variable);
    }

    /** The functions' own client. */
    public static SecretsManagerClient secretsManager(LocalTables tables) {
        return CoreModule.secretsManager(UrlConnectionHttpClient.create(), tables::variable);
    }

    /** A client that says what it is about to send. */
    public static DynamoDbClient client(LocalTables tables, Consumer<SdkRequest> before) {
        return DynamoDbClient.builder().endpointOverride(URI.create(tables.variable("AWS_ENDPOINT_URL_DYNAMODB")))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(o -> o.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                        before.accept(context.request());
                    }
                })).build();
    }

    /** The table of users. */
    public static UsersTable users(LocalTables tables) {
        return new UsersTable(tables::variable);
    }

    /** The table of credentials. */
    public static CredentialsTable credentials(LocalTables tables) {
        return new CredentialsTable(tables::variable);
    }

    /** The table of files. */
    public static FilesTable files(LocalTables tables) {
        return new FilesTable(tables::variable);
    }

    /** The table of storage totals. */
    public static StorageTotalsTable storageTotals(LocalTables tables) {
        return new StorageTotalsTable(tables::variable);
    }

    /**
     * Randomness that first yields the given bytes, each repeated as often as asked for, and runs a step before each:
     * the only way to meet a random key again, and to be exactly between a read and a write.
     */
    public static SecureRandom random(Runnable before, Integer... fillings) {
        Queue<Integer> next = new ArrayDeque<>(List.of(fillings));
        return new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                before.run();
                if (next.isEmpty()) {
                    super.nextBytes(bytes);
                } else {
                    Arrays.fill(bytes, next.remove().byteValue());
                }
            }
        };
    }

    /** A step that runs once, the first time it is asked to. */
    public static Runnable once(Runnable step) {
        Queue<Runnable> steps = new ArrayDeque<>(List.of(step));
        return () -> {
            var due = steps.poll();
            if (due != null) {
                due.run();
            }
        };
    }
}
