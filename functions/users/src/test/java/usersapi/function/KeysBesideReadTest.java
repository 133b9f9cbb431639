package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.config.Environment;
import usersapi.testing.LocalTables;
import usersapi.testing.RefusingService;

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
        try (var secrets = new RefusingService()) {
            var handler = maker.apply(
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.endpoint()))::get);

            // For nobody no key is needed, so only the function's beginning can have asked for it.
            assertThat(Invocation.invoke(handler, Invocation.event(event, "nobody")).number("statusCode"))
                    .contains(401L);

            assertThat(secrets.isAsked()).isTrue();
        }
    }
}
