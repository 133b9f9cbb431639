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
import usersapi.testing.LocalTables;

class AccessTokenReplacementTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final AccessTokenReplacement replacement = TokenFixture.replacement(TABLES);
    private final AccessTokenRepository tokens = TokenFixture.repository(TABLES);

    @Test
    void givesATokenToAUserWithoutOne() {
        userWithoutToken("new");

        var token = replacement.regenerate("new").orElseThrow();

        assertOnlyToken("new", token);
    }

    @Test
    void replacesTheTokenAndEndsTheOldOne() {
        userWithoutToken("rotating");
        var old = replacement.regenerate("rotating").orElseThrow();

        var token = replacement.regenerate("rotating").orElseThrow();

        assertThat(token).isNotEqualTo(old);
        assertThat(tokens.find(old)).isEmpty();
        assertOnlyToken("rotating", token);
    }

    @Test
    void leavesTheRestOfTheProfileAlone() {
        userWithoutToken("rich");
        var settings = AttributeValue.fromM(Map.of("tz", AttributeValue.fromS("UTC")));
        TABLES.put("Users", Map.of("email", AttributeValue.fromS("e"), "settings", settings), "user#rich");

        replacement.regenerate("rich");

        assertThat(TABLES.item("Users", "user#rich").orElseThrow()).containsEntry("email", AttributeValue.fromS("e"))
                .containsEntry("settings", settings);
    }

    @Test
    void anUnknownUserGetsNoToken() {
        var items = TABLES.items();

        assertThat(replacement.regenerate("nobody")).isEmpty();
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void replacesTheTokenWhileTheSessionIsThere() {
        userWithoutToken("by-session");
        open("s1");

        assertOnlyToken("by-session", replacement.regenerate("by-session", "s1").orElseThrow());
    }

    @Test
    void replacesNothingForASessionThatEndedMeanwhile() {
        userWithoutToken("signs-out");
        open("s2");
        var old = replacement.regenerate("signs-out").orElseThrow();
        var slow = TokenFixture.replacement(TABLES, () -> close("s2"));

        assertThat(slow.regenerate("signs-out", "s2")).isEmpty();

        assertOnlyToken("signs-out", old);
    }

    @Test
    void aCallerWhoseSessionEndsWhileWaitingLeavesTheQueue() {
        userWithoutToken("queues");
        open("s3");
        var ticket = AttributeValue.fromSs(List.of("%012x".formatted(System.currentTimeMillis()) + "000000"));
        TABLES.put("Users", Map.of("token_queue", ticket), "user#queues");
        close("s3");

        assertThat(replacement.regenerate("queues", "s3")).isEmpty();

        assertThat(TABLES.item("Users", "user#queues").orElseThrow()).containsEntry("token_queue", ticket)
                .doesNotContainKey("token_hash");
    }

    private static void open(String sessionId) {
        TABLES.put("Credentials", Map.of("external_id", AttributeValue.fromS("nobody")), "session#" + sessionId,
                "session#" + sessionId);
    }

    private static void close(String sessionId) {
        TABLES.delete("Credentials", "session#" + sessionId, "session#" + sessionId);
    }

    @Test
    void aUserDeletedMeanwhileStaysDeleted() {
        userWithoutToken("leaving");
        var slow = TokenFixture.replacement(TABLES, () -> delete("leaving"));

        assertThat(slow.regenerate("leaving")).isEmpty();

        assertThat(TABLES.item("Users", "user#leaving")).isEmpty();
        assertThat(tokenItems("leaving")).isEmpty();
    }

    @Test
    void theLaterOfTwoConcurrentReplacementsHasTheLastWord() {
        for (var userId : List.of("first-token", "second-token")) {
            userWithoutToken(userId);
            if (userId.equals("second-token")) {
                replacement.regenerate(userId);
            }
            // The slow one's ticket is older, so that this one serves it, too: by a token that is replaced at once.
            var between = new OpaqueToken[1];
            var slow = TokenFixture.replacement(TABLES,
                    () -> between[0] = replacement.regenerate(userId).orElseThrow());

            var token = slow.regenerate(userId).orElseThrow();

            assertThat(token).isNotEqualTo(between[0]);
            assertOnlyToken(userId, between[0]);
        }
    }

    @Test
    void neverTakesOverAnotherUsersToken() {
        userWithoutToken("owner");
        userWithoutToken("lucky");
        var token = TokenFixture.replacement(TABLES, CoreFixture.random(() -> {}, 1)).regenerate("owner").orElseThrow();

        var other = TokenFixture.replacement(TABLES, CoreFixture.random(() -> {}, 1)).regenerate("lucky").orElseThrow();

        assertThat(other).isNotEqualTo(token);
        assertOnlyToken("owner", token);
        assertOnlyToken("lucky", other);
    }

    @Test
    void manyReplacementsAtOnceAllSucceedAndLeaveOneToken() throws Exception {
        userWithoutToken("busy");
        try (var threads = Executors.newFixedThreadPool(50)) {
            var answers = threads.invokeAll(IntStream.range(0, 50)
                    .<Callable<OpaqueToken>>mapToObj(i -> () -> replacement.regenerate("busy").orElseThrow()).toList());
            var given = new java.util.ArrayList<OpaqueToken>();
            for (var answer : answers) {
                given.add(answer.get());
            }
            assertThat(given).doesNotHaveDuplicates();
            assertThat(given.stream().filter(token -> tokens.find(token).isPresent())).hasSize(1)
                    .allSatisfy(token -> assertOnlyToken("busy", token));
        }
    }

    @Test
    void anUnknownTokenHasNoOwner() {
        assertThat(tokens.find(OpaqueToken.random(new SecureRandom()))).isEmpty();
    }

    private static void assertOnlyToken(String userId, OpaqueToken token) {
        assertThat(TokenFixture.repository(TABLES).find(token)).map(AccessToken::userId).contains(userId);
        assertThat(tokenItems(userId)).extracting(item -> item.get("lookup").s())
                .containsExactly("token#" + token.sha256());
        var profile = TABLES.item("Users", "user#" + userId).orElseThrow();
        assertThat(profile.get("token_hash").s()).isEqualTo(token.sha256());
        assertThat(TokenFixture.cipher(TABLES).decrypt(userId, token.sha256(), profile.get("token").s()))
                .isEqualTo(token);
    }

    private static List<Map<String, AttributeValue>> tokenItems(String userId) {
        return TABLES.items("Credentials").stream()
                .filter(item -> item.get("external_id").s().equals(userId)).toList();
    }

    private static void userWithoutToken(String userId) {
        TABLES.put("Users", Map.of(), "user#" + userId);
    }

    private static void delete(String userId) {
        TABLES.delete("Users", "user#" + userId);
    }
}
