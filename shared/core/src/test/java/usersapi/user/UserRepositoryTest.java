package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.credential.Sha256;
import usersapi.lambda.CurrentInvocation;
import usersapi.subscription.CustomerRepository;
import usersapi.subscription.Subscriber;
import usersapi.subscription.SubscriptionFixture;
import usersapi.subscription.SubscriptionRepository;
import usersapi.testing.LocalTables;
import usersapi.token.AccessToken;
import usersapi.token.TokenFixture;
import usersapi.user.UserDeletion.Deletion;

class UserRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    /** Enough for some attempts. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final SubscriptionRepository subscriptions = SubscriptionFixture.subscriptions(TABLES);
    private final CustomerRepository customers = SubscriptionFixture.customers(TABLES);

    private final UserRepository users = new UserRepository(CoreFixture.client(TABLES), CoreFixture.users(TABLES));
    private final UserRegistration registration = registration(new SecureRandom());
    private final UserDeletion deletion = deletion(CoreFixture.client(TABLES));

    @Test
    void provisionsAUserWithAnAccessTokenOfItsOwn() {
        var provisioned = registration.provision(email("Jane@Example.com"));

        assertThat(provisioned.created()).isTrue();
        assertThat(provisioned.userId()).matches("[0-9a-f]{32}");
        var user = users.find(provisioned.userId()).orElseThrow();
        assertThat(user.email()).isEqualTo("Jane@Example.com");
        var token = user.accessToken(TokenFixture.cipher(TABLES)).orElseThrow();
        assertThat(TokenFixture.repository(TABLES).find(token)).map(AccessToken::userId).contains(user.id());
    }

    @Test
    void provisioningAgainFindsTheUserWhateverTheCase() {
        var first = registration.provision(email("again@example.com"));
        var items = TABLES.items();

        assertThat(registration.provision(email("AGAIN@EXAMPLE.COM")))
                .isEqualTo(new UserRegistration.Provisioned(first.userId(), false));
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void theSecondClaimOfAnAddressGetsTheFirstOnesUser() {
        var first = new UserRegistration.Provisioned[1];
        var slow = registration(CoreFixture.random(
                CoreFixture.once(() -> first[0] = registration.provision(email("contested@example.com")))));
        int items = TABLES.items().size();

        var second = slow.provision(email("contested@example.com"));

        assertThat(second).isEqualTo(new UserRegistration.Provisioned(first[0].userId(), false));
        assertThat(TABLES.items()).hasSize(items + 3);
    }

    @Test
    void manyAtOnceGetOneUser() throws Exception {
        int items = TABLES.items().size();
        try (var threads = Executors.newFixedThreadPool(16)) {
            var answers = threads.invokeAll(IntStream
                    .range(0, 32).<Callable<UserRegistration.Provisioned>>mapToObj(
                            i -> () -> registration.provision(email("race@example.com")))
                    .toList());
            var userIds = new HashSet<String>();
            int created = 0;
            for (var answer : answers) {
                userIds.add(answer.get().userId());
                created += answer.get().created() ? 1 : 0;
            }
            assertThat(userIds).hasSize(1);
            assertThat(created).isEqualTo(1);
        }
        assertThat(TABLES.items()).hasSize(items + 3);
    }

    @Test
    void neverTakesOverAnotherUsersIdOrToken() {
        var first = registration(CoreFixture.random(() -> {}, 7, 8)).provision(email("first@example.com"));
        var before = users.find(first.userId()).orElseThrow();

        // The same id and another token; then another id and the same token.
        var second = registration(CoreFixture.random(() -> {}, 7, 9)).provision(email("second@example.com"));
        var third = registration(CoreFixture.random(() -> {}, 10, 8)).provision(email("third@example.com"));

        assertThat(second.created()).isTrue();
        assertThat(third.created()).isTrue();
        assertThat(second.userId()).isNotEqualTo(first.userId());
        assertThat(users.find(first.userId())).contains(before);
        assertThat(TokenFixture.repository(TABLES)
                .find(before.accessToken(TokenFixture.cipher(TABLES)).orElseThrow())).map(AccessToken::userId)
                .contains(first.userId());
    }

    @Test
    void notesWhenAUserWasMade() {
        var userId = registration.provision(email("times@example.com")).userId();

        var item = TABLES.item("Users", "user#" + userId).orElseThrow();
        assertThat(item.get("created").s()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(item.get("modified").s()).isEqualTo("2026-03-01T12:00:00Z");
    }

    @Test
    void noKeyTellsTheAddress() {
        registration.provision(email("secret@example.com"));

        assertThat(TABLES.items("Users")).noneMatch(item -> item.get("id").s().contains("secret"))
                .anyMatch(item -> item.get("id").s().equals("email#" + Sha256.hex("secret@example.com")));
    }

    @Test
    void neverShowsTheAddressByToString() {
        assertThat(new User("id", "jane@example.com", Optional.of("x"), Optional.of("y"))).hasToString("User[id]");
    }

    @Test
    void anUnknownUserIsNotFound() {
        assertThat(users.find("nobody")).isEmpty();
    }

    @Test
    void deletesTheUserWithTheClaimAndTheToken() {
        var other = registration.provision(email("stays@example.com")).userId();
        var items = TABLES.items();
        var userId = registration.provision(email("Leaves@example.com")).userId();
        var token = users.find(userId).orElseThrow().accessToken(TokenFixture.cipher(TABLES)).orElseThrow();

        assertThat(delete(userId)).isEqualTo(Deletion.DELETED);

        assertThat(users.find(userId)).isEmpty();
        assertThat(TokenFixture.repository(TABLES).find(token)).isEmpty();
        assertThat(TABLES.items()).isEqualTo(items);
        assertThat(users.find(other)).isPresent();
        assertThat(delete(userId)).isEqualTo(Deletion.ABSENT);
    }

    @Test
    void deletesAUserWhoseTokenAnOperatorHasRemoved() {
        var items = TABLES.items();
        var userId = registration.provision(email("tokenless@example.com")).userId();
        var profile = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
        profile.remove("token");
        var token = "token#" + profile.remove("token_hash").s();
        TABLES.put("Users", profile);
        TABLES.delete("Credentials", token, token);

        assertThat(delete(userId)).isEqualTo(Deletion.DELETED);

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void anAddressOfADeletedUserBelongsToANewUser() {
        var first = registration.provision(email("returns@example.com")).userId();
        delete(first);

        var second = registration.provision(email("returns@example.com"));

        assertThat(second.created()).isTrue();
        assertThat(second.userId()).isNotEqualTo(first);
    }

    @Test
    void aTokenThatIsNewMeanwhileIsDeletedToo() {
        var userId = registration.provision(email("racing@example.com")).userId();
        var between = new ArrayList<OpaqueToken>();
        var slow = interrupted(() -> between.add(TokenFixture.replacement(TABLES).regenerate(userId).orElseThrow()));

        assertThat(slow.delete(subscriber(userId))).isEqualTo(Deletion.DELETED);

        assertThat(between).hasSize(1)
                .allSatisfy(token -> assertThat(TokenFixture.repository(TABLES).find(token)).isEmpty());
        assertThat(TABLES.items()).noneMatch(item -> item.toString().contains(userId));
    }

    @Test
    void aUserDeletedMeanwhileIsNoError() {
        var userId = registration.provision(email("twice@example.com")).userId();

        assertThat(interrupted(() -> delete(userId)).delete(subscriber(userId))).isEqualTo(Deletion.ABSENT);
    }

    @Test
    void neverDeletesAnotherUsersClaim() {
        var userId = registration.provision(email("moved@example.com")).userId();
        var claim = new HashMap<>(TABLES.item("Users", "email#" + Sha256.hex("moved@example.com")).orElseThrow());
        claim.put("external_id", AttributeValue.fromS("somebody-else"));
        TABLES.put("Users", claim);
        var items = TABLES.items();

        assertThatIllegalStateException()
                .isThrownBy(() -> CurrentInvocation.part(SHORT, () -> delete(userId)))
                .withMessageNotContaining("moved@example.com");

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void deletesTheClaimToTheCustomerToo() {
        var items = TABLES.items();
        var userId = registration.provision(email("customer@example.com")).userId();
        assertThat(customers.assign(subscriber(userId), "cus_1")).isTrue();

        assertThat(delete(userId)).isEqualTo(Deletion.DELETED);

        assertThat(customers.owner("cus_1")).isEmpty();
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void deletesNobodyWhoseBillingHasChangedSinceTheReport() {
        var userId = registration.provision(email("paying@example.com")).userId();
        var reported = subscriber(userId);
        var between = interrupted(() -> customers.assign(subscriber(userId), "cus_2"));

        assertThat(between.delete(reported)).isEqualTo(Deletion.BILLING_CHANGED);
        assertThat(deletion.delete(reported)).isEqualTo(Deletion.BILLING_CHANGED);

        assertThat(users.find(userId)).isPresent();
        assertThat(customers.owner("cus_2")).contains(userId);
        assertThat(delete(userId)).isEqualTo(Deletion.DELETED);
    }

    private Deletion delete(String userId) {
        return subscriptions.find(userId).map(deletion::delete).orElse(Deletion.ABSENT);
    }

    private Subscriber subscriber(String userId) {
        return subscriptions.find(userId).orElseThrow();
    }

    /** A deletion that runs a step once between its reads and its transaction. */
    private static UserDeletion interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        var client = CoreFixture.client(TABLES, request -> {
            if (request instanceof TransactWriteItemsRequest) {
                once.run();
            }
        });
        return deletion(client);
    }

    private static UserDeletion deletion(DynamoDbClient client) {
        return new UserDeletion(client, CoreFixture.users(TABLES), CoreFixture.credentials(TABLES));
    }

    private static UserRegistration registration(SecureRandom random) {
        return new UserRegistration(CoreFixture.client(TABLES), CoreFixture.users(TABLES),
                CoreFixture.credentials(TABLES),
                TokenFixture.cipher(TABLES), random, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static EmailAddress email(String text) {
        return ((EmailAddress.Parsed.Valid) EmailAddress.parse(text)).address();
    }
}
