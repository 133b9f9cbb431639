package usersapi.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.credential.Sha256;
import usersapi.table.UsersTable;
import usersapi.testing.LocalTables;
import usersapi.token.Reencryption.Progress;

class ReencryptionTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String K1 = Sha256.hex("k1");
    private static final String K2 = Sha256.hex("k2");
    private static final String ONLY_K1 = "{\"current\":\"k1\",\"k1\":\"" + K1 + "\"}";
    private static final String BOTH = "{\"current\":\"k2\",\"k1\":\"" + K1 + "\",\"k2\":\"" + K2 + "\"}";
    private static final String ONLY_K2 = "{\"current\":\"k2\",\"k2\":\"" + K2 + "\"}";

    private final List<String> undecryptable = new ArrayList<>();

    @BeforeEach
    void oneKey() {
        ring(ONLY_K1);
    }

    @AfterEach
    void clear() {
        TABLES.clear();
    }

    @Test
    void afterItTheOldKeyCanBeRemovedAndEveryTokenStillWorks() {
        var first = userWithToken("first");
        var second = userWithToken("second");
        ring(BOTH);
        var fresh = userWithToken("third");

        assertThat(all()).isEqualTo(new Progress(2, 1, 0, Optional.empty()));

        ring(ONLY_K2);
        assertShown("first", first);
        assertShown("second", second);
        assertShown("third", fresh);
        assertThat(all()).isEqualTo(new Progress(0, 3, 0, Optional.empty()));
    }

    @Test
    void changesNothingButTheCiphertext() {
        userWithToken("jane");
        var before = TABLES.items();
        ring(BOTH);

        all();

        var after = TABLES.items();
        assertThat(after).isNotEqualTo(before);
        assertThat(withoutCiphertext(after)).isEqualTo(withoutCiphertext(before));
    }

    @Test
    void oneUserIsEnough() {
        userWithToken("jane");
        userWithToken("john");
        ring(BOTH);

        assertThat(one("jane")).isEqualTo(new Progress(1, 0, 0, Optional.empty()));
        assertThat(encrypted("jane")).startsWith("k2.");
        assertThat(encrypted("john")).startsWith("k1.");
        assertThat(one("jane")).isEqualTo(new Progress(0, 1, 0, Optional.empty()));
    }

    @Test
    void aUserWithoutTokenAndAnUnknownUserAreNotCounted() {
        put("tokenless", Map.of());

        assertThat(one("tokenless")).isEqualTo(new Progress(0, 0, 0, Optional.empty()));
        assertThat(one("nobody")).isEqualTo(new Progress(0, 0, 0, Optional.empty()));
        assertThat(all()).isEqualTo(new Progress(0, 0, 0, Optional.empty()));
    }

    @Test
    void takesTheKeyThatIsCurrentNowThoughItRanBeforeTheRotation() {
        userWithToken("jane");
        var warm = reencryption(client());
        assertThat(run(warm, Optional.empty())).isEqualTo(new Progress(0, 1, 0, Optional.empty()));
        ring(BOTH);

        assertThat(run(warm, Optional.empty())).isEqualTo(new Progress(1, 0, 0, Optional.empty()));
    }

    @Test
    void aTokenThatWasReplacedMeanwhileStays() {
        userWithToken("racing");
        ring(BOTH);
        var tokens = new ArrayList<OpaqueToken>();
        var racing = interrupted(() -> tokens.add(TokenFixture.replacement(TABLES).regenerate("racing").orElseThrow()));

        assertThat(run(racing, Optional.of("racing"))).isEqualTo(new Progress(0, 1, 0, Optional.empty()));

        assertShown("racing", tokens.getFirst());
    }

    @Test
    void aTokenThatIsNewMeanwhileUnderTheOldKeyIsReencryptedInItsTurn() {
        userWithToken("stale");
        var stale = TokenFixture.replacement(TABLES);
        stale.regenerate("stale"); // has the old ring for five minutes
        ring(BOTH);
        var tokens = new ArrayList<OpaqueToken>();
        var racing = interrupted(() -> tokens.add(stale.regenerate("stale").orElseThrow()));

        assertThat(run(racing, Optional.of("stale"))).isEqualTo(new Progress(1, 0, 0, Optional.empty()));

        ring(ONLY_K2);
        assertShown("stale", tokens.getFirst());
    }

    @Test
    void aUserDeletedMeanwhileStaysDeleted() {
        userWithToken("leaving");
        ring(BOTH);
        var racing = interrupted(() -> TABLES.delete("Users", "user#leaving"));

        assertThat(run(racing, Optional.of("leaving"))).isEqualTo(new Progress(0, 0, 0, Optional.empty()));

        assertThat(TABLES.item("Users", "user#leaving")).isEmpty();
    }

    @Test
    void anUndecryptableTokenIsNamedAndLeftAndTheRunContinues() {
        userWithToken("jane");
        userWithToken("victim");
        put("swapped", Map.of("token", AttributeValue.fromS(encrypted("victim"))));
        put("unknown-key", Map.of("token", AttributeValue.fromS("k0." + encrypted("victim").substring(3))));
        put("garbage", Map.of("token", AttributeValue.fromS("")));
        put("number", Map.of("token", AttributeValue.fromN("5")));
        ring(BOTH);

        assertThat(all()).isEqualTo(new Progress(2, 0, 4, Optional.empty()));

        assertThat(undecryptable).containsExactlyInAnyOrder("swapped", "unknown-key", "garbage", "number");
        assertThat(encrypted("swapped")).startsWith("k1.");
        assertThat(encrypted("victim")).startsWith("k2.");
    }

    @Test
    void stopsWhenTimeIsUpAndGoesOnWhereItStopped() {
        // The scan reads claims too, so a page may have no token.
        var fillers = IntStream.range(0, 600).mapToObj(i -> WriteRequest.builder()
                .putRequest(put -> put.item(UsersTable.attributes(UsersTable.emailClaim("filler" + i)))).build())
                .toList();
        for (int i = 0; i < fillers.size(); i += 25) {
            var batch = fillers.subList(i, i + 25);
            TABLES.client().batchWriteItem(write -> write.requestItems(Map.of(TABLES.name("Users"), batch)));
        }
        IntStream.range(0, 5).forEach(i -> userWithToken("paged" + i));
        ring(BOTH);

        long reencrypted = 0;
        int runs = 0;
        Optional<String> next = Optional.empty();
        do {
            var progress = reencryption(client()).run(Optional.empty(), Optional.empty(), next, () -> false,
                    (user, failure) -> {});
            reencrypted += progress.reencrypted();
            next = progress.next();
            runs++;
        } while (next.isPresent());

        assertThat(runs).isGreaterThan(1);
        assertThat(reencrypted).isEqualTo(5);
        assertThat(all()).isEqualTo(new Progress(0, 5, 0, Optional.empty()));
    }

    @Test
    void theNextRegenerationUsesTheCurrentKeyToo() {
        userWithToken("jane");
        ring(BOTH);

        var token = TokenFixture.replacement(TABLES).regenerate("jane").orElseThrow();

        ring(ONLY_K2);
        assertShown("jane", token);
    }

    private Progress all() {
        return run(reencryption(client()), Optional.empty());
    }

    private Progress one(String userId) {
        return run(reencryption(client()), Optional.of(userId));
    }

    private Progress run(Reencryption reencryption, Optional<String> userId) {
        return reencryption.run(userId, Optional.empty(), Optional.empty(), () -> true,
                (user, failure) -> undecryptable.add(user));
    }

    /** Reencrypts with a step that runs once between the reads and the write. */
    private static Reencryption interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        return reencryption(CoreFixture.client(TABLES, request -> {
            if (request instanceof UpdateItemRequest) {
                once.run();
            }
        }));
    }

    private static Reencryption reencryption(DynamoDbClient client) {
        var cipher = new TokenCipher(TokenFixture.keyRing(TABLES, Clock.systemUTC()), new SecureRandom());
        return new Reencryption(client, CoreFixture.users(TABLES), cipher);
    }

    private static DynamoDbClient client() {
        return CoreFixture.client(TABLES, request -> {});
    }

    private static OpaqueToken userWithToken(String userId) {
        put(userId, Map.of());
        return TokenFixture.replacement(TABLES).regenerate(userId).orElseThrow();
    }

    private static void put(String userId, Map<String, AttributeValue> attributes) {
        TABLES.put("Users", attributes, "user#" + userId);
    }

    private static String encrypted(String userId) {
        return TABLES.item("Users", "user#" + userId).orElseThrow().get("token").s();
    }

    private static void assertShown(String userId, OpaqueToken token) {
        assertThat(TokenFixture.cipher(TABLES).decrypt(userId, token.sha256(), encrypted(userId))).isEqualTo(token);
        assertThat(TokenFixture.repository(TABLES).find(token)).map(AccessToken::userId).contains(userId);
    }

    private static List<Map<String, AttributeValue>> withoutCiphertext(List<Map<String, AttributeValue>> items) {
        return items.stream().<Map<String, AttributeValue>>map(item -> {
            var rest = new HashMap<>(item);
            rest.remove("token");
            return rest;
        }).toList();
    }

    private static void ring(String secret) {
        TABLES.putSecret(new TokenKeySecret(TABLES::variable).id(), secret);
    }
}
