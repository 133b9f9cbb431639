package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.config.Environment;
import usersapi.testing.LocalTables;

/** A function that shows a token does not wait for the table before it asks for the key. */
class KeysBesideReadTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    static Stream<Arguments> functions() {
        return Stream.of(function("get-current-user", GetCurrentUserHandler::new),
                function("get-access-token", GetAccessTokenHandler::new));
    }

    private static Arguments function(String event, Function<Environment, RequestStreamHandler> maker) {
        return Arguments.of(event, maker);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void theKeyIsAskedForBeforeTheUserIsKnown(String event, Function<Environment, RequestStreamHandler> maker)
            throws IOException, InterruptedException {
        var asked = new CountDownLatch(1);
        var secrets = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secrets.createContext("/", exchange -> {
            asked.countDown();
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
        });
        secrets.start();
        try {
            var handler = maker.apply(TABLES.variables(Map.of("AWS_ENDPOINT_URL_SECRETS_MANAGER",
                    "http://127.0.0.1:" + secrets.getAddress().getPort()))::get);

            // For nobody no key is needed, so only the function's beginning can have asked for it.
            assertThat(Invocation.invoke(handler, Invocation.event(event, "nobody")).number("statusCode"))
                    .contains(401L);

            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            secrets.stop(0);
        }
    }
}
