package usersapi.wiring;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.ElementsIntoSet;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.config.Environment;
import usersapi.lambda.Sample;
import usersapi.session.CsrfCookieName;
import usersapi.session.SessionCookieName;
import usersapi.session.SessionIdleLimit;
import usersapi.session.SessionLifetime;
import usersapi.session.SessionLimit;
import usersapi.table.Cancellation;
import usersapi.table.CredentialsTable;
import usersapi.table.FilesTable;
import usersapi.table.StorageTotalsTable;
import usersapi.table.UsersTable;
import usersapi.token.TokenCipher;
import usersapi.token.TokenKeySecret;

/** The dependencies of every function's component: the configuration, the clients, randomness and time. */
@Module
public final class CoreModule {

    /** The limit of a call of Secrets Manager, with all attempts and the waits between them. */
    private static final Duration SECRET_TIMEOUT = Duration.ofSeconds(5);
    /**
     * The limit of a call of DynamoDB. The deadline of an HTTP request is earlier; this one is for the functions that run for
     * minutes, and should rather fail than wait for a table that stays throttled.
     */
    private static final Duration TABLE_TIMEOUT = Duration.ofMinutes(1);

    /** The maximum delay between the first and the second attempt of a call; each further maximum is twice as long. */
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);
    private static final Duration MAX_DELAY = Duration.ofSeconds(1);

    private final Environment environment;

    /** The dependencies of a function that is configured by this environment. */
    public CoreModule(Environment environment) {
        this.environment = environment;
    }

    @Provides
    Environment environment() {
        return environment;
    }

    @Provides
    static UsersTable usersTable(Environment environment) {
        return new UsersTable(environment);
    }

    @Provides
    static CredentialsTable credentialsTable(Environment environment) {
        return new CredentialsTable(environment);
    }

    @Provides
    static FilesTable filesTable(Environment environment) {
        return new FilesTable(environment);
    }

    @Provides
    static StorageTotalsTable storageTotalsTable(Environment environment) {
        return new StorageTotalsTable(environment);
    }

    @Provides
    static SessionLifetime sessionLifetime(Environment environment) {
        return new SessionLifetime(environment);
    }

    @Provides
    static SessionLimit sessionLimit(Environment environment) {
        return new SessionLimit(environment);
    }

    @Provides
    static SessionIdleLimit sessionIdleLimit(Environment environment) {
        return new SessionIdleLimit(environment);
    }

    @Provides
    static SessionCookieName sessionCookieName(Environment environment) {
        return new SessionCookieName(environment);
    }

    @Provides
    static CsrfCookieName csrfCookieName(Environment environment) {
        return new CsrfCookieName(environment);
    }

    @Provides
    static TokenKeySecret tokenKeySecret(Environment environment) {
        return new TokenKeySecret(environment);
    }

    @Provides
    public static SecureRandom secureRandom() {
        return new SecureRandom();
    }

    @Provides
    public static Clock clock() {
        return Clock.systemUTC();
    }

    /** What priming answers with, for the components of this module. */
    @Provides
    @ElementsIntoSet
    static Set<Sample> samples() {
        return Set.of(UsersTable.sample(), CredentialsTable.sample(), FilesTable.sample(), StorageTotalsTable.sample(),
                TokenCipher.sample());
    }

    /**
     * Idle connections are kept for a minute, as in the SDK's other clients; this holds for Stripe's library too. The JDK's
     * default is five seconds, so most requests to a function that is not busy would begin with a handshake. The JDK reads
     * the limit from a system property only, once, at the first connection.
     */
    @Provides
    @Singleton
    static SdkHttpClient httpClient() {
        System.setProperty("http.keepAlive.time.server", "60");
        return new BufferingHttpClient(UrlConnectionHttpClient.builder().connectionTimeout(Duration.ofSeconds(1))
                .socketTimeout(Duration.ofSeconds(2)).build());
    }

    /**
     * A call that fails in the network, is throttled or conflicts with another write of the same item is repeated while the
     * invocation has time.
     */
    @Provides
    @Singleton
    public static DynamoDbClient dynamoDb(SdkHttpClient http, Environment environment) {
        return configured(DynamoDbClient.builder(), environment, "AWS_ENDPOINT_URL_DYNAMODB").httpClient(http)
                .overrideConfiguration(o -> o.addExecutionInterceptor(new InvocationDeadline(TABLE_TIMEOUT))
                        .retryStrategy(untilTheCallHasNoMoreTime()))
                .build();
    }

    /**
     * The SDK's own strategy would give up after three attempts, or earlier if the client's other calls had used up the
     * shared retries.
     */
    private static RetryStrategy untilTheCallHasNoMoreTime() {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder().retryOnException(Cancellation::isPassing)
                .maxAttempts(Integer.MAX_VALUE).circuitBreakerEnabled(false)
                .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_DELAY, MAX_DELAY))
                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(FIRST_DELAY.multipliedBy(2), MAX_DELAY))
                .build();
    }

    /** The SDK reads the environment of its process by itself. */
    private static <B extends AwsClientBuilder<B, ?>> B configured(B client, Environment environment, String endpoint) {
        if (!environment.equals(Environment.PROCESS)) {
            ClientSettings.apply(client, environment, endpoint);
        }
        return client;
    }

    @Provides
    @Singleton
    public static SecretsManagerClient secretsManager(SdkHttpClient http, Environment environment) {
        return configured(SecretsManagerClient.builder(), environment, "AWS_ENDPOINT_URL_SECRETS_MANAGER")
                .httpClient(http)
                .overrideConfiguration(o -> o.addExecutionInterceptor(new InvocationDeadline(SECRET_TIMEOUT)))
                .build();
    }
}
