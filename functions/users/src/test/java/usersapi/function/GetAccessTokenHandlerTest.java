package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.Sha256;
import usersapi.testing.LocalTables;

class GetAccessTokenHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final GetAccessTokenHandler handler = new GetAccessTokenHandler();

    @Test
    void tellsTheTokenThatTheCurrentUserHasAndNothingElse() {
        var userId = Invocation.signIn("jane@example.com").userId();

        var body = Invocation.ok(handler, Invocation.event("get-access-token", userId));

        assertThat(body.members()).containsOnlyKeys("access_token");
        assertThat(body.get("access_token")).isEqualTo(
                Invocation.ok(new GetCurrentUserHandler(), Invocation.event("get-current-user", userId))
                        .get("access_token"));
    }

    @Test
    void refusesABearer() {
        var userId = Invocation.signIn("client@example.com").userId();

        var response = Invocation.respond(handler,
                Invocation.event("get-access-token", userId).replace("SESSION", "BEARER"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @Test
    void aUserWhoIsGoneIsNotAuthenticated() {
        var response = Invocation.respond(handler, Invocation.event("get-access-token", "gone"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    static List<Named<UnaryOperator<String>>> wrongCiphertexts() {
        return List.of(Named.of("another user's", own -> ciphertext(Invocation.signIn("victim@example.com").userId())),
                Named.of("changed", own -> own.replaceFirst("[^.]$", own.endsWith("A") ? "Q" : "A")),
                Named.of("of a key that is gone", own -> "gone" + own.substring(own.indexOf('.'))),
                Named.of("of no key", own -> own.substring(own.indexOf('.') + 1)), Named.of("empty", own -> ""));
    }

    @ParameterizedTest
    @MethodSource("wrongCiphertexts")
    void aCiphertextThatIsNotTheUsersOwnIsAnOutageAndNeverSomebodysToken(UnaryOperator<String> wrong) {
        var userId = Invocation.signIn("mallory@example.com").userId();
        var token = Invocation.ok(new RegenerateAccessTokenHandler(),
                Invocation.event("regenerate-access-token", userId)).string("access_token").orElseThrow();
        var ciphertext = wrong.apply(ciphertext(userId));
        var profile = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
        profile.put("token", AttributeValue.fromS(ciphertext));
        TABLES.put("Users", profile);

        for (var endpoint : Map.of("get-access-token", handler, "get-current-user", new GetCurrentUserHandler())
                .entrySet()) {
            var event = Invocation.event(endpoint.getKey(), userId);
            var response = Invocation.respond(endpoint.getValue(), event);
            assertThat(response.getStatusCode()).isEqualTo(500);
            assertThat(response.getBody()).isEqualTo("{\"message\":\"Internal server error\"}");
            assertThat(Invocation.log(endpoint.getValue(), event)).singleElement().satisfies(line -> {
                assertThat(line.get("outcome")).isEqualTo("failed");
                assertThat(line.toJson()).contains("UndecryptableTokenException").doesNotContain(token,
                        ciphertext.isEmpty() ? token : ciphertext);
            });
        }
        var renewed = Invocation.ok(new RegenerateAccessTokenHandler(),
                Invocation.event("regenerate-access-token", userId));
        assertThat(Invocation.ok(handler, Invocation.event("get-access-token", userId)).toJson())
                .isEqualTo(renewed.toJson());
    }

    private static String ciphertext(String userId) {
        return TABLES.item("Users", "user#" + userId).orElseThrow().get("token").s();
    }

    @Test
    void aSnapshotOfItHoldsNoKey() {
        var before = (Properties) System.getProperties().clone();
        try {
            System.setProperty("TOKEN_KEY_SECRET", "TokenKey-" + UUID.randomUUID());
            System.setProperty("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
            // Nobody listens there.
            System.setProperty("aws.endpointUrlSecretsManager", "http://127.0.0.1:1");
            var primed = new GetAccessTokenHandler();

            System.setProperty("aws.endpointUrlSecretsManager", before.getProperty("aws.endpointUrlSecretsManager"));
            System.clearProperty("AWS_LAMBDA_INITIALIZATION_TYPE");
            TABLES.putSecret(System.getProperty("TOKEN_KEY_SECRET"),
                    "{\"current\":\"later\",\"later\":\"%s\"}".formatted(Sha256.hex("k")));
            var userId = Invocation.signIn("later@example.com").userId();

            assertThat(ciphertext(userId)).startsWith("later.");
            assertThat(Invocation.ok(primed, Invocation.event("get-access-token", userId)).string("access_token"))
                    .isPresent();
        } finally {
            System.setProperties(before);
        }
    }
}
