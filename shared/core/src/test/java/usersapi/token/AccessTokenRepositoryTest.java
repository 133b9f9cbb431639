package usersapi.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.testing.LocalTable;

class AccessTokenRepositoryTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private final AccessTokenRepository tokens = TokenFixture.repository();

    @Test
    void givesATokenToAUserWithoutOne() {
        userWithoutToken("new");

        var token = tokens.regenerate("new", TokenFixture.cipher()).orElseThrow();

        assertOnlyToken("new", token);
    }

    @Test
    void replacesTheTokenAndEndsTheOldOne() {
        userWithoutToken("rotating");
        var old = tokens.regenerate("rotating", TokenFixture.cipher()).orElseThrow();

        var token = tokens.regenerate("rotating", TokenFixture.cipher()).orElseThrow();

        assertThat(token).isNotEqualTo(old);
        assertThat(tokens.findOwner(old)).isEmpty();
        assertOnlyToken("rotating", token);
    }

    @Test
    void leavesTheRestOfTheProfileAlone() {
        userWithoutToken("rich");
        put("rich", Map.of("email", AttributeValue.fromS("e"), "tz", AttributeValue.fromS("UTC")));

        tokens.regenerate("rich", TokenFixture.cipher());

        assertThat(TABLE.item("USER#rich", "PROFILE").orElseThrow()).containsEntry("email", AttributeValue.fromS("e"))
                .containsEntry("tz", AttributeValue.fromS("UTC"));
    }

    @Test
    void anUnknownUserGetsNoToken() {
        var items = TABLE.items();

        assertThat(tokens.regenerate("nobody", TokenFixture.cipher())).isEmpty();
        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void aUserDeletedMeanwhileStaysDeleted() {
        userWithoutToken("leaving");
        var slow = TokenFixture.repository(CoreFixture.random(CoreFixture.once(() -> delete("leaving"))));

        assertThat(slow.regenerate("leaving", TokenFixture.cipher())).isEmpty();

        assertThat(TABLE.item("USER#leaving", "PROFILE")).isEmpty();
        assertThat(tokenItems("leaving")).isEmpty();
    }

    @Test
    void whoFindsTheTokenReplacedMeanwhileReplacesTheNewerOne() {
        for (var userId : List.of("first-token", "second-token")) {
            userWithoutToken(userId);
            if (userId.equals("second-token")) {
                tokens.regenerate(userId, TokenFixture.cipher());
            }
            var between = new OpaqueToken[1];
            var slow = TokenFixture.repository(CoreFixture
                    .random(CoreFixture
                            .once(() -> between[0] = tokens.regenerate(userId, TokenFixture.cipher()).orElseThrow())));

            var token = slow.regenerate(userId, TokenFixture.cipher()).orElseThrow();

            assertThat(tokens.findOwner(between[0])).isEmpty();
            assertOnlyToken(userId, token);
        }
    }

    @Test
    void neverTakesOverAnotherUsersToken() {
        userWithoutToken("owner");
        userWithoutToken("lucky");
        var token = TokenFixture.repository(CoreFixture.random(() -> {}, 1)).regenerate("owner", TokenFixture.cipher())
                .orElseThrow();

        var other = TokenFixture.repository(CoreFixture.random(() -> {}, 1)).regenerate("lucky", TokenFixture.cipher())
                .orElseThrow();

        assertThat(other).isNotEqualTo(token);
        assertOnlyToken("owner", token);
        assertOnlyToken("lucky", other);
    }

    @Test
    void ofManyAtOnceEachSucceedsAndOneTokenIsLeft() throws Exception {
        userWithoutToken("busy");
        try (var threads = Executors.newFixedThreadPool(50)) {
            var answers = threads.invokeAll(IntStream.range(0, 50)
                    .<Callable<OpaqueToken>>mapToObj(
                            i -> () -> tokens.regenerate("busy", TokenFixture.cipher()).orElseThrow())
                    .toList());
            var given = new java.util.ArrayList<OpaqueToken>();
            for (var answer : answers) {
                given.add(answer.get());
            }
            assertThat(given).doesNotHaveDuplicates();
            assertThat(given.stream().filter(token -> tokens.findOwner(token).isPresent())).hasSize(1)
                    .allSatisfy(token -> assertOnlyToken("busy", token));
        }
    }

    @Test
    void anUnknownTokenIsNobodys() {
        assertThat(tokens.findOwner(OpaqueToken.random(new SecureRandom()))).isEmpty();
    }

    private static void assertOnlyToken(String userId, OpaqueToken token) {
        assertThat(TokenFixture.repository().findOwner(token)).contains(userId);
        assertThat(tokenItems(userId)).extracting(item -> item.get("pk").s())
                .containsExactly("TOKEN#" + token.sha256());
        var profile = TABLE.item("USER#" + userId, "PROFILE").orElseThrow();
        assertThat(profile.get("token_hash").s()).isEqualTo(token.sha256());
        assertThat(TokenFixture.cipher().decrypt(userId, profile.get("token").s())).isEqualTo(token);
    }

    private static List<Map<String, AttributeValue>> tokenItems(String userId) {
        return TABLE.items().stream().filter(item -> item.get("sk").s().equals("TOKEN"))
                .filter(item -> item.get("external_id").s().equals(userId)).toList();
    }

    private static void userWithoutToken(String userId) {
        put(userId, Map.of());
    }

    private static void put(String userId, Map<String, AttributeValue> attributes) {
        var item = new java.util.HashMap<>(key(userId));
        item.putAll(attributes);
        TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(item));
    }

    private static void delete(String userId) {
        TABLE.client().deleteItem(delete -> delete.tableName(TABLE.name()).key(key(userId)));
    }

    private static Map<String, AttributeValue> key(String userId) {
        return Map.of("pk", AttributeValue.fromS("USER#" + userId), "sk", AttributeValue.fromS("PROFILE"));
    }
}
