package usersapi.local;

import dagger.BindsInstance;
import dagger.Component;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.session.OpenedSession;
import usersapi.session.SessionClosing;
import usersapi.session.SessionIdleLimit;
import usersapi.session.SessionLifetime;
import usersapi.session.SessionLimit;
import usersapi.session.SessionOpening;
import usersapi.standin.Events;
import usersapi.standin.LocalAws;
import usersapi.standin.ServerStartException;
import usersapi.table.CredentialsTable;
import usersapi.table.UsersTable;
import usersapi.token.AccessTokenReplacement;
import usersapi.token.NamedTokenRequest;
import usersapi.token.NamedTokens;
import usersapi.token.TokenCipher;
import usersapi.token.TokenKeySecret;
import usersapi.user.EmailAddress;
import usersapi.user.UserRegistration;
import usersapi.user.UserRepository;

/**
 * A user whom the local server signs in when it starts. The external id is always the same. With {@code -Daws.port} the
 * credentials are too, so that the events in {@code events/} work unchanged; these credentials are public, and valid only on
 * a local server.
 *
 * @param sessionId the value of the session cookie
 */
record DemoUser(String email, String externalId, String sessionId, String csrfToken, String accessToken) {

    /** The user for everybody who tries the API, with the credentials of {@code -Daws.port}. */
    static final DemoUser DEMO = new DemoUser("demo@example.com", Events.USER, Events.SESSION,
            "local-demo-csrf-token-000000000000000000000", "local-demo-access-token-0000000000000000000");

    /** The user for the events that need a subscription or end something; with {@code -Daws.port} only. */
    static final DemoUser SUBSCRIBER = new DemoUser("subscriber@example.com", Events.SUBSCRIBER,
            Events.SUBSCRIBER_SESSION, "local-subscriber-csrf-token-000000000000000",
            "local-subscriber-access-token-0000000000000");

    /** The functions' repositories, on randomness that may be fixed. */
    @Singleton
    @Component
    interface Graph {

        UserRegistration registration();

        UserRepository users();

        SessionOpening opening();

        SessionClosing sessions();

        AccessTokenReplacement tokens();

        NamedTokens namedTokens();

        TokenCipher cipher();

        /** Makes the graph. */
        @Component.Factory
        interface Factory {
            Graph create(@BindsInstance DynamoDbClient dynamoDb,
                    @BindsInstance SecretsManagerClient secrets, @BindsInstance UsersTable users,
                    @BindsInstance CredentialsTable credentials,
                    @BindsInstance TokenKeySecret tokenKey, @BindsInstance SessionLifetime lifetime,
                    @BindsInstance SessionLimit limit, @BindsInstance SessionIdleLimit idleLimit,
                    @BindsInstance Clock clock, @BindsInstance SecureRandom random);
        }
    }

    /**
     * Signs this user in, and creates it if it does not exist.
     *
     * @param isFixed whether it has these credentials; otherwise it gets random ones
     * @return the user with its credentials
     * @throws ServerStartException if the address is another user's
     */
    DemoUser signIn(LocalAws aws, Environment environment, boolean isFixed) {
        var user = graph(aws, environment, isFixed
                ? new RehearsedRandom(HexFormat.of().parseHex(externalId), bytes(accessToken))
                : new RehearsedRandom(HexFormat.of().parseHex(externalId)))
                .registration().provision(new EmailAddress(email, email));
        if (!user.userId().equals(externalId)) {
            throw new ServerStartException(
                    "The data has another user of the address %s than the local server's; choose another "
                            .formatted(email) + "directory with -Dlocal.data=DIR.");
        }
        var token = isFixed ? fixedToken(aws, environment) : token(graph(aws, environment, new SecureRandom()));
        var session = isFixed
                ? fixedSession(aws, environment)
                : graph(aws, environment, new SecureRandom()).opening().open(externalId).orElseThrow();
        return new DemoUser(email, externalId, session.id().value(), session.csrf().value(), token.value());
    }

    private static Graph graph(LocalAws aws, Environment environment, SecureRandom random) {
        return DaggerDemoUser_Graph.factory().create(aws.dynamoDb(), aws.secrets(),
                new UsersTable(environment),
                new CredentialsTable(environment), new TokenKeySecret(environment), new SessionLifetime(environment),
                new SessionLimit(environment), new SessionIdleLimit(environment), Clock.systemUTC(), random);
    }

    /** The user's token from the table. */
    private OpaqueToken token(Graph graph) {
        return graph.users().find(externalId).flatMap(user -> user.accessToken(graph.cipher())).orElseThrow();
    }

    private OpaqueToken fixedToken(LocalAws aws, Environment environment) {
        var graph = graph(aws, environment, new RehearsedRandom(bytes(accessToken)));
        var token = token(graph);
        return token.value().equals(accessToken) ? token : graph.tokens().regenerate(externalId).orElseThrow();
    }

    /** Opens the session again, so that its lifetime begins now. */
    private OpenedSession fixedSession(LocalAws aws, Environment environment) {
        var graph = graph(aws, environment, new RehearsedRandom(bytes(sessionId), bytes(csrfToken)));
        graph.sessions().close(new OpaqueToken(sessionId).sha256());
        return graph.opening().open(externalId).orElseThrow();
    }

    /** Gives the signed-in user a named token with this value, if there is none, for the event that ends it. */
    DemoUser withNamedToken(LocalAws aws, Environment environment, String value) {
        var named = graph(aws, environment, new RehearsedRandom(bytes(value))).namedTokens();
        var id = new OpaqueToken(value).sha256();
        if (named.list(externalId).stream().noneMatch(token -> token.id().equals(id))) {
            named.make(externalId, new OpaqueToken(sessionId).sha256(),
                    new NamedTokenRequest("example", Optional.empty(), false));
        }
        return this;
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
