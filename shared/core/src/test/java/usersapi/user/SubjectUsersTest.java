package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import usersapi.CoreFixture;
import usersapi.credential.Sha256;
import usersapi.subscription.Subscriber;
import usersapi.subscription.SubscriptionFixture;
import usersapi.testing.LocalTables;
import usersapi.token.AccessToken;
import usersapi.token.TokenFixture;
import usersapi.user.SubjectUsers.Account;
import usersapi.user.SubjectUsers.How;
import usersapi.user.UserDeletion.Deletion;

class SubjectUsersTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final Instant CREATED = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");
    private static final String ISSUER = "https://idp.example.com";

    private final UserRepository users = new UserRepository(CoreFixture.client(TABLES), CoreFixture.users(TABLES));
    private final UserRegistration registration = registration();
    private final SubjectUsers subjects = subjects(CoreFixture.client(TABLES));

    @Test
    void aSubjectsFirstSignInMakesAUserWithAnAccessToken() {
        var found = found(subjects.account(subject("first"), email("First@example.com")));

        assertThat(found.how()).isEqualTo(How.CREATED);
        var user = users.find(found.userId()).orElseThrow();
        assertThat(user.email()).isEqualTo("First@example.com");
        var token = user.accessToken(TokenFixture.cipher(TABLES)).orElseThrow();
        assertThat(TokenFixture.repository(TABLES).find(token)).map(AccessToken::userId).contains(user.id());
    }

    @Test
    void theSameSubjectIsTheSameUserAndNothingIsWritten() {
        var first = found(subjects.account(subject("same"), email("same@example.com")));
        var items = TABLES.items();

        assertThat(subjects.account(subject("same"), email("SAME@Example.com")))
                .isEqualTo(new Account.Found(first.userId(), How.KNOWN));
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void noItemTellsTheSubject() {
        subjects.account(subject("told-to-nobody"), email("pseudonym@example.com"));

        assertThat(TABLES.items()).noneMatch(item -> item.toString().contains("told-to-nobody"));
        assertThat(TABLES.item("Users", "subject#" + Sha256.hex(ISSUER + "\ntold-to-nobody"))).isPresent();
    }

    @Test
    void aSubjectOfAnotherIssuerIsAnotherPerson() {
        var first = found(subjects.account(subject("shared"), email("one@example.com")));
        var second = found(subjects.account(new Subject("https://other.example.com", "shared"),
                email("two@example.com")));

        assertThat(second.userId()).isNotEqualTo(first.userId());
    }

    @Test
    void subjectsThatDifferInCaseAreTwoPeople() {
        var first = found(subjects.account(subject("AbC"), email("upper@example.com")));
        var second = found(subjects.account(subject("abc"), email("lower@example.com")));

        assertThat(second.userId()).isNotEqualTo(first.userId());
    }

    @Test
    void aUserWhomTheLoginServiceProvisionedIsLinked() {
        var userId = registration.provision(email("Vouched@example.com")).userId();

        assertThat(subjects.account(subject("linked"), email("vouched@example.com")))
                .isEqualTo(new Account.Found(userId, How.LINKED));
        assertThat(subjects.account(subject("linked"), email("vouched@example.com")))
                .isEqualTo(new Account.Found(userId, How.KNOWN));
        assertThat(users.find(userId).orElseThrow().email()).isEqualTo("Vouched@example.com");
        assertThat(TABLES.item("Users", "user#" + userId).orElseThrow().get("modified").s()).isEqualTo(NOW.toString());
    }

    @Test
    void anAddressOfAnotherSubjectsUserIsTaken() {
        var userId = found(subjects.account(subject("owner"), email("taken@example.com"))).userId();
        var items = TABLES.items();

        assertThat(subjects.account(subject("stranger"), email("Taken@example.com")))
                .isEqualTo(new Account.AddressTaken());
        assertThat(TABLES.items()).isEqualTo(items);
        assertThat(found(subjects.account(subject("owner"), email("taken@example.com"))).userId()).isEqualTo(userId);
    }

    @Test
    void anAddressOfALinkedUserIsTaken() {
        registration.provision(email("linked-once@example.com"));
        subjects.account(subject("faster"), email("linked-once@example.com"));

        assertThat(subjects.account(subject("slower"), email("linked-once@example.com")))
                .isEqualTo(new Account.AddressTaken());
    }

    @Test
    void aChangedAddressKeepsTheUserAndIsStored() {
        var userId = found(subjects.account(subject("moves"), email("before@example.com"))).userId();

        assertThat(subjects.account(subject("moves"), email("After@example.com")))
                .isEqualTo(new Account.Found(userId, How.KNOWN));

        assertThat(users.find(userId).orElseThrow().email()).isEqualTo("After@example.com");
        assertThat(registration.provision(email("after@example.com")).userId()).isEqualTo(userId);
        assertThat(registration.provision(email("before@example.com")).created()).isTrue();
        assertThat(TABLES.item("Users", "user#" + userId).orElseThrow()).containsKeys("token", "settings")
                .hasEntrySatisfying("modified", at -> assertThat(at.s()).isEqualTo(NOW.toString()))
                .hasEntrySatisfying("created", at -> assertThat(at.s()).isEqualTo(CREATED.toString()));
    }

    @Test
    void aChangedAddressThatIsAnothersKeepsTheUserAndTheOldOne() {
        var userId = found(subjects.account(subject("covets"), email("mine@example.com"))).userId();
        var other = registration.provision(email("theirs@example.com")).userId();
        var items = TABLES.items();

        assertThat(subjects.account(subject("covets"), email("theirs@example.com")))
                .isEqualTo(new Account.Found(userId, How.KNOWN));

        assertThat(TABLES.items()).isEqualTo(items);
        assertThat(users.find(other).orElseThrow().email()).isEqualTo("theirs@example.com");
    }

    @Test
    void manyFirstSignInsAtOnceAreOneUser() throws Exception {
        int items = TABLES.items().size();

        var accounts = atOnce(24, i -> subjects(CoreFixture.client(TABLES)).account(subject("crowd"),
                email("crowd@example.com")));

        assertThat(accounts).extracting(account -> found(account).userId()).hasSize(24).containsOnly(
                found(accounts.getFirst()).userId());
        assertThat(TABLES.items()).hasSize(items + 4);
    }

    @Test
    void oneOfManySubjectsWithOneAddressIsLinked() throws Exception {
        var userId = registration.provision(email("raced@example.com")).userId();

        var accounts = atOnce(12, i -> subjects(CoreFixture.client(TABLES)).account(subject("racer-" + i),
                email("raced@example.com")));

        assertThat(accounts).filteredOn(new Account.Found(userId, How.LINKED)::equals).hasSize(1);
        assertThat(accounts).filteredOn(new Account.AddressTaken()::equals).hasSize(11);
    }

    @Test
    void aUserDeletedDuringASignInIsCreatedAgain() {
        var first = found(subjects.account(subject("returns"), email("returns-as-new@example.com"))).userId();
        var slow = interrupted(() -> deletion().delete(subscriber(first)));

        var second = found(slow.account(subject("returns"), email("returns-elsewhere@example.com")));

        assertThat(second.how()).isEqualTo(How.CREATED);
        assertThat(second.userId()).isNotEqualTo(first);
    }

    @Test
    void deletingAUserFreesSubjectAndAddress() {
        var items = TABLES.items();
        var userId = found(subjects.account(subject("leaves"), email("leaves@example.com"))).userId();

        assertThat(deletion().delete(subscriber(userId))).isEqualTo(Deletion.DELETED);

        assertThat(TABLES.items()).isEqualTo(items);
    }

    /** A deletion before whose transaction something else is done. */
    private static UserDeletion deletionInterruptedBy(Runnable other) {
        return new UserDeletion(CoreFixture.client(TABLES, request -> {
            if (request instanceof TransactWriteItemsRequest) {
                other.run();
            }
        }), CoreFixture.users(TABLES), CoreFixture.credentials(TABLES));
    }

    @Test
    void anAddressThatChangesWhileTheUserIsDeletedIsFreedToo() {
        var userId = found(subjects.account(subject("races"), email("races-before@example.com"))).userId();
        var once = CoreFixture.once(() -> subjects.account(subject("races"), email("races-after@example.com")));

        assertThat(deletionInterruptedBy(once).delete(subscriber(userId))).isEqualTo(Deletion.DELETED);

        assertThat(TABLES.items()).noneMatch(item -> item.toString().contains(userId));
    }

    @Test
    void aUserWhoIsLinkedWhileBeingDeletedLeavesNoClaim() {
        var userId = registration.provision(email("linked-late@example.com")).userId();
        var once = CoreFixture.once(() -> subjects.account(subject("late"), email("linked-late@example.com")));

        assertThat(deletionInterruptedBy(once).delete(subscriber(userId))).isEqualTo(Deletion.DELETED);

        assertThat(TABLES.items()).noneMatch(item -> item.toString().contains(userId));
    }

    @Test
    void neverShowsTheSubjectByToString() {
        assertThat(subject("secret").toString()).doesNotContain("secret");
    }

    /** One that runs a step once between its reads and its transaction. */
    private static SubjectUsers interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        return subjects(CoreFixture.client(TABLES, request -> {
            if (request instanceof TransactWriteItemsRequest) {
                once.run();
            }
        }));
    }

    private interface Attempt {
        Account run(int number);
    }

    private static List<Account> atOnce(int count, Attempt attempt) throws Exception {
        try (var threads = Executors.newFixedThreadPool(12)) {
            return threads
                    .invokeAll(
                            IntStream.range(0, count).<Callable<Account>>mapToObj(i -> () -> attempt.run(i)).toList())
                    .stream().map(Future::resultNow).toList();
        }
    }

    private static Account.Found found(Account account) {
        return (Account.Found) account;
    }

    private static Subscriber subscriber(String userId) {
        return SubscriptionFixture.subscriptions(TABLES).find(userId).orElseThrow();
    }

    private static UserDeletion deletion() {
        return new UserDeletion(CoreFixture.client(TABLES), CoreFixture.users(TABLES),
                CoreFixture.credentials(TABLES));
    }

    private static SubjectUsers subjects(DynamoDbClient client) {
        return new SubjectUsers(client, CoreFixture.users(TABLES), registration(), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static UserRegistration registration() {
        return new UserRegistration(CoreFixture.client(TABLES), CoreFixture.users(TABLES),
                CoreFixture.credentials(TABLES),
                TokenFixture.cipher(TABLES), new SecureRandom(), Clock.fixed(CREATED, ZoneOffset.UTC));
    }

    private static Subject subject(String id) {
        return new Subject(ISSUER, id);
    }

    private static EmailAddress email(String text) {
        return ((EmailAddress.Parsed.Valid) EmailAddress.parse(text)).address();
    }
}
