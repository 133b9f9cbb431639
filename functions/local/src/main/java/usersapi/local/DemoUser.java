package usersapi.local;

import dagger.BindsInstance;
import dagger.Component;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.session.OpenedSession;
import usersapi.session.SessionLifetime;
import usersapi.session.SessionOpening;
import usersapi.session.SessionRepository;
import usersapi.standin.LocalAws;
import usersapi.standin.ServerStartException;
import usersapi.table.CredentialsTable;
import usersapi.table.UsersTable;
import usersapi.token.AccessTokenReplacement;
import usersapi.token.TokenCipher;
import usersapi.token.TokenKeySecret;
import usersapi.user.EmailAddress;
import usersapi.user.UserRegistration;
import usersapi.user.UserRepository;

/**
 * The user whom the local server signs in when it starts. The external id is always the same. With {@code -Daws.port} the
 * credentials are, too, so that the events in {@code events/} work as they are committed; they are public, and good for
 * nothing but a local server.
 *
 * @param sessionId the value of the session cookie
 */
record DemoUser(String externalId, String sessionId, String csrfToken, String accessToken) {

    static final String EMAIL = "demo@example.com";
    static final String EXTERNAL_ID = "00112233445566778899aabbccddeeff";
    static final String SESSION_ID = "local-demo-session-id-000000000000000000000";
    static final String CSRF_TOKEN = "local-demo-csrf-token-000000000000000000000";
    static final String ACCESS_TOKEN = "local-demo-access-token-0000000000000000000";

    /** The functions' own repositories, on a source of randomness that may not be random. */
    @Singleton
    @Component
    interface Graph {

        UserRegistration registration();

        UserRepository users();

        SessionOpening opening();

        SessionRepository sessions();

        AccessTokenReplacement tokens();

        TokenCipher cipher();

        /** Makes the graph. */
        @Component.Factory
        interface Factory {
            Graph create(@BindsInstance DynamoDbEnhancedClient dynamoDb, @BindsInstance SecretsManagerClient secrets,
                    @BindsInstance UsersTable users, @BindsInstance CredentialsTable credentials,
                    @BindsInstance TokenKeySecret tokenKey, @BindsInstance SessionLifetime lifetime,
                    @BindsInstance Clock clock, @BindsInstance SecureRandom random);
        }
    }

    /**
     * Signs the demo user in; makes it, if it is not there.
     *
     * @param isFixed whether its credentials are the constants of this class; else they are random
     * @throws ServerStartException if the address is another user's
     */
    static DemoUser signIn(LocalAws aws, Environment environment, boolean isFixed) {
        var user = graph(aws, environment, isFixed
                ? new RehearsedRandom(HexFormat.of().parseHex(EXTERNAL_ID), bytes(ACCESS_TOKEN))
                : new RehearsedRandom(HexFormat.of().parseHex(EXTERNAL_ID)))
                .registration().provision(new EmailAddress(EMAIL, EMAIL));
        if (!user.userId().equals(EXTERNAL_ID)) {
            throw new ServerStartException(
                    "The data has another user of the address %s than the demo user; choose another "
                            .formatted(EMAIL) + "directory with -Dlocal.data=DIR.");
        }
        var token = isFixed ? fixedToken(aws, environment) : token(graph(aws, environment, new SecureRandom()));
        var session = isFixed
                ? fixedSession(aws, environment)
                : graph(aws, environment, new SecureRandom()).opening().open(EXTERNAL_ID).orElseThrow();
        return new DemoUser(EXTERNAL_ID, session.id().value(), session.csrf().value(), token.value());
    }

    private static Graph graph(LocalAws aws, Environment environment, SecureRandom random) {
        return DaggerDemoUser_Graph.factory().create(
                DynamoDbEnhancedClient.builder().dynamoDbClient(aws.dynamoDb()).build(), aws.secrets(),
                new UsersTable(environment),
                new CredentialsTable(environment), new TokenKeySecret(environment), new SessionLifetime(environment),
                Clock.systemUTC(), random);
    }

    /** The user's token as the table has it. */
    private static OpaqueToken token(Graph graph) {
        return graph.users().find(EXTERNAL_ID).flatMap(user -> user.accessToken(graph.cipher())).orElseThrow();
    }

    private static OpaqueToken fixedToken(LocalAws aws, Environment environment) {
        var graph = graph(aws, environment, new RehearsedRandom(bytes(ACCESS_TOKEN)));
        var token = token(graph);
        return token.value().equals(ACCESS_TOKEN) ? token : graph.tokens().regenerate(EXTERNAL_ID).orElseThrow();
    }

    /** Opened anew, so that it lasts as long as a session does. */
    private static OpenedSession fixedSession(LocalAws aws, Environment environment) {
        var graph = graph(aws, environment, new RehearsedRandom(bytes(SESSION_ID), bytes(CSRF_TOKEN)));
        graph.sessions().close(new OpaqueToken(SESSION_ID));
        return graph.opening().open(EXTERNAL_ID).orElseThrow();
    }

    private static byte[] bytes(String token) {
        return Base64.getUrlDecoder().decode(token);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return "DemoUser[" + externalId + "]";
    }
}
