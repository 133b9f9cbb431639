package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final GetAccessTokenHandler handler = new GetAccessTokenHandler(TABLES::variable);

    @Test
    void tellsTheTokenThatTheCurrentUserHasAndNothingElse() {
        var user = Invocation.signIn(TABLES, "jane@example.com");

        var body = Invocation.ok(handler, Invocation.event("get-access-token", user));

        assertThat(body.members()).containsOnlyKeys("access_token");
        assertThat(body.get("access_token")).isEqualTo(
                Invocation.ok(new GetCurrentUserHandler(TABLES::variable), Invocation.event("get-current-user", user))
                        .get("access_token"));
    }

    @Test
    void refusesABearer() {
        var user = Invocation.signIn(TABLES, "client@example.com");

        var response = Invocation.respond(handler,
                Invocation.event("get-access-token", user).replace("SESSION", "BEARER"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @Test
    void showsNothingToASessionThatHasJustEnded() {
        var user = Invocation.signIn(TABLES, "ended@example.com");
        Invocation.signOut(TABLES, user);

        var response = Invocation.respond(handler, Invocation.event("get-access-token", user));

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
        return List.of(
                Named.of("another user's", own -> ciphertext(Invocation.signIn(TABLES, "victim@example.com").userId())),
                Named.of("changed", own -> own.replaceFirst("[^.]$", own.endsWith("A") ? "Q" : "A")),
                Named.of("of a key that is gone", own -> "gone" + own.substring(own.indexOf('.'))),
                Named.of("of no key", own -> own.substring(own.indexOf('.') + 1)), Named.of("empty", own -> ""));
    }

    @ParameterizedTest
    @MethodSource("wrongCiphertexts")
    void aCiphertextThatIsNotTheUsersOwnIsAnOutageAndNeverSomebodysToken(UnaryOperator<String> wrong) {
        var user = Invocation.signIn(TABLES, "mallory@example.com");
        var userId = user.userId();
        var token = Invocation.ok(new RegenerateAccessTokenHandler(TABLES::variable),
                Invocation.event("regenerate-access-token", user)).string("access_token").orElseThrow();
        var ciphertext = wrong.apply(ciphertext(userId));
        var profile = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
        profile.put("token", AttributeValue.fromS(ciphertext));
        TABLES.put("Users", profile);

        for (var endpoint : Map
                .of("get-access-token", handler, "get-current-user", new GetCurrentUserHandler(TABLES::variable))
                .entrySet()) {
            var event = Invocation.event(endpoint.getKey(), user);
            var response = Invocation.respond(endpoint.getValue(), event);
            assertThat(response.getStatusCode()).isEqualTo(500);
            assertThat(response.getBody()).isEqualTo("{\"message\":\"Internal server error\"}");
            assertThat(Invocation.log(endpoint.getValue(), event)).singleElement().satisfies(line -> {
                assertThat(line.get("outcome")).isEqualTo("failed");
                assertThat(line.toJson()).contains("UndecryptableTokenException").doesNotContain(token,
                        ciphertext.isEmpty() ? token : ciphertext);
            });
        }
        var renewed = Invocation.ok(new RegenerateAccessTokenHandler(TABLES::variable),
                Invocation.event("regenerate-access-token", user));
        assertThat(Invocation.ok(handler, Invocation.event("get-access-token", user)).toJson())
                .isEqualTo(renewed.toJson());
    }

    private static String ciphertext(String userId) {
        return TABLES.item("Users", "user#" + userId).orElseThrow().get("token").s();
    }

    @Test
    void aSnapshotOfItHoldsNoKey() {
        var secret = "TokenKey-" + UUID.randomUUID();
        // Priming must not fetch the key, which does not exist yet.
        var primed = new GetAccessTokenHandler(TABLES
                .variables(Map.of("TOKEN_KEY_SECRET", secret, "AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"))::get);
        TABLES.putSecret(secret, "{\"current\":\"later\",\"later\":\"%s\"}".formatted(Sha256.hex("k")));
        var later = TABLES.variables(Map.of("TOKEN_KEY_SECRET", secret));
        var provisioned = Invocation.invoke(new ProvisionUserHandler(later::get), "{\"email\":\"later@example.com\"}");
        var userId = provisioned.string("external_id").orElseThrow();
        var user = Invocation.signInAgain(TABLES, userId);

        assertThat(ciphertext(userId)).startsWith("later.");
        assertThat(Invocation.ok(primed, Invocation.event("get-access-token", user)).string("access_token"))
                .isPresent();
    }
}
