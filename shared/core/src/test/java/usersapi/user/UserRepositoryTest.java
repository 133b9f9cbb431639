package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.testing.LocalTable;
import usersapi.token.TokenCipher;
import usersapi.token.TokenFixture;
import usersapi.wiring.CoreModule;

class UserRepositoryTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private final TokenCipher cipher = TokenFixture.cipher();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final UserRepository users = users(new SecureRandom());

    @Test
    void provisionsAUserWithAnAccessTokenOfItsOwn() {
        var provisioned = users.provision(email("Jane@Example.com"), cipher);

        assertThat(provisioned.created()).isTrue();
        assertThat(provisioned.userId()).matches("[0-9a-f]{32}");
        var user = users.find(provisioned.userId()).orElseThrow();
        assertThat(user.email()).isEqualTo("Jane@Example.com");
        assertThat(user.tz()).isEmpty();
        var token = user.accessToken(TokenFixture.cipher()).orElseThrow();
        assertThat(TokenFixture.repository().findOwner(token)).contains(user.id());
    }

    @Test
    void provisioningAgainFindsTheUserWhateverTheCase() {
        var first = users.provision(email("again@example.com"), cipher);
        var items = TABLE.items();

        assertThat(users.provision(email("AGAIN@EXAMPLE.COM"), cipher))
                .isEqualTo(new UserRepository.Provisioned(first.userId(), false));
        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void whoClaimsAnAddressSecondGetsTheFirstOnesUser() {
        var first = new UserRepository.Provisioned[1];
        var slow = users(CoreFixture.random(
                CoreFixture.once(() -> first[0] = users.provision(email("contested@example.com"), cipher))));
        int items = TABLE.items().size();

        var second = slow.provision(email("contested@example.com"), cipher);

        assertThat(second).isEqualTo(new UserRepository.Provisioned(first[0].userId(), false));
        assertThat(TABLE.items()).hasSize(items + 3);
    }

    @Test
    void manyAtOnceGetOneUser() throws Exception {
        int items = TABLE.items().size();
        try (var threads = Executors.newFixedThreadPool(16)) {
            var answers = threads.invokeAll(IntStream
                    .range(0, 32).<Callable<UserRepository.Provisioned>>mapToObj(
                            i -> () -> users.provision(email("race@example.com"), cipher))
                    .toList());
            var userIds = new java.util.HashSet<String>();
            int created = 0;
            for (var answer : answers) {
                userIds.add(answer.get().userId());
                created += answer.get().created() ? 1 : 0;
            }
            assertThat(userIds).hasSize(1);
            assertThat(created).isEqualTo(1);
        }
        assertThat(TABLE.items()).hasSize(items + 3);
    }

    @Test
    void neverTakesOverAnotherUsersIdOrToken() {
        var first = users(CoreFixture.random(() -> {}, 7, 8)).provision(email("first@example.com"), cipher);
        var before = users.find(first.userId()).orElseThrow();

        // The same id and another token; then another id and the same token.
        var second = users(CoreFixture.random(() -> {}, 7, 9)).provision(email("second@example.com"), cipher);
        var third = users(CoreFixture.random(() -> {}, 10, 8)).provision(email("third@example.com"), cipher);

        assertThat(second.created()).isTrue();
        assertThat(third.created()).isTrue();
        assertThat(second.userId()).isNotEqualTo(first.userId());
        assertThat(users.find(first.userId())).contains(before);
        assertThat(TokenFixture.repository().findOwner(before.accessToken(TokenFixture.cipher()).orElseThrow()))
                .contains(first.userId());
    }

    @Test
    void changesTheTimeZoneAndNothingElse() {
        var userId = users.provision(email("zone@example.com"), cipher).userId();
        var before = users.find(userId).orElseThrow();

        assertThat(users.update(userId, new SettingsPatch(Optional.of("Europe/Zurich")))).isTrue();
        assertThat(users.find(userId)).contains(
                new User(userId, before.email(), Optional.of("Europe/Zurich"), before.encryptedToken()));

        assertThat(users.update(userId, new SettingsPatch(Optional.empty()))).isTrue();
        assertThat(users.find(userId)).contains(before);
        assertThat(TABLE.item("USER#" + userId, "PROFILE").orElseThrow()).doesNotContainKey("tz");
    }

    @Test
    void notesWhenAUserWasMadeAndChanged() {
        var userId = users.provision(email("times@example.com"), cipher).userId();
        var later = new UserRepository(CoreFixture.dynamoDb(), CoreFixture.table(),
                new SecureRandom(), Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC));

        later.update(userId, new SettingsPatch(Optional.of("UTC")));

        var item = TABLE.item("USER#" + userId, "PROFILE").orElseThrow();
        assertThat(item.get("created").s()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(item.get("modified").s()).isEqualTo("2026-03-01T12:01:00Z");
    }

    @Test
    void anUnknownUserIsNeitherFoundNorMadeByAnUpdate() {
        var items = TABLE.items();

        assertThat(users.find("nobody")).isEmpty();
        assertThat(users.update("nobody", new SettingsPatch(Optional.of("UTC")))).isFalse();
        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void deletesTheUserWithTheClaimAndTheToken() {
        var other = users.provision(email("stays@example.com"), cipher).userId();
        var items = TABLE.items();
        var userId = users.provision(email("Leaves@example.com"), cipher).userId();
        var token = users.find(userId).orElseThrow().accessToken(TokenFixture.cipher()).orElseThrow();

        assertThat(users.delete(userId)).isTrue();

        assertThat(users.find(userId)).isEmpty();
        assertThat(TokenFixture.repository().findOwner(token)).isEmpty();
        assertThat(TABLE.items()).isEqualTo(items);
        assertThat(users.find(other)).isPresent();
        assertThat(users.delete(userId)).isFalse();
    }

    @Test
    void deletesAUserWhoseTokenAnOperatorHasRemoved() {
        var items = TABLE.items();
        var userId = users.provision(email("tokenless@example.com"), cipher).userId();
        var profile = TABLE.item("USER#" + userId, "PROFILE").orElseThrow();
        delete("TOKEN#" + profile.get("token_hash").s(), "TOKEN");
        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name()).key(key("USER#" + userId, "PROFILE"))
                        .updateExpression("REMOVE #token, token_hash")
                        .expressionAttributeNames(Map.of("#token", "token")));

        assertThat(users.delete(userId)).isTrue();

        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void whoseAddressWasDeletedIsANewUserNextTime() {
        var first = users.provision(email("returns@example.com"), cipher).userId();
        users.delete(first);

        var second = users.provision(email("returns@example.com"), cipher);

        assertThat(second.created()).isTrue();
        assertThat(second.userId()).isNotEqualTo(first);
    }

    @Test
    void aTokenThatIsNewMeanwhileIsDeletedToo() {
        var userId = users.provision(email("racing@example.com"), cipher).userId();
        var between = new ArrayList<OpaqueToken>();
        var slow = interrupted(
                () -> between.add(TokenFixture.repository().regenerate(userId, TokenFixture.cipher()).orElseThrow()));

        assertThat(slow.delete(userId)).isTrue();

        assertThat(between).hasSize(1)
                .allSatisfy(token -> assertThat(TokenFixture.repository().findOwner(token)).isEmpty());
        assertThat(TABLE.items()).noneMatch(item -> item.toString().contains(userId));
    }

    @Test
    void aUserDeletedMeanwhileIsNoError() {
        var userId = users.provision(email("twice@example.com"), cipher).userId();

        assertThat(interrupted(() -> users.delete(userId)).delete(userId)).isFalse();
    }

    @Test
    void neverDeletesAnotherUsersClaim() {
        var userId = users.provision(email("moved@example.com"), cipher).userId();
        var claim = new HashMap<>(TABLE.item("EMAIL#moved@example.com", "EMAIL").orElseThrow());
        claim.put("external_id", AttributeValue.fromS("somebody-else"));
        TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(claim));
        var items = TABLE.items();

        assertThatIllegalStateException().isThrownBy(() -> users.delete(userId))
                .withMessageNotContaining("moved@example.com");

        assertThat(TABLE.items()).isEqualTo(items);
    }

    /** A repository that runs a step once between its reads and its transaction. */
    private static UserRepository interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        var client = CoreFixture.client(request -> {
            if (request instanceof TransactWriteItemsRequest) {
                once.run();
            }
        });
        return new UserRepository(CoreModule.enhanced(client), CoreFixture.table(),
                new SecureRandom(), Clock.systemUTC());
    }

    private static void delete(String pk, String sk) {
        TABLE.client().deleteItem(delete -> delete.tableName(TABLE.name()).key(key(pk, sk)));
    }

    private static Map<String, AttributeValue> key(String pk, String sk) {
        return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
    }

    private static UserRepository users(SecureRandom random) {
        return new UserRepository(CoreFixture.dynamoDb(), CoreFixture.table(), random,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static EmailAddress email(String text) {
        return ((EmailAddress.Parsed.Valid) EmailAddress.parse(text)).address();
    }
}
