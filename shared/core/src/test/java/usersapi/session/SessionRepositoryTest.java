package usersapi.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.testing.LocalTable;
import usersapi.wiring.CoreModule;

class SessionRepositoryTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private static final SessionLifetime LIFETIME = new SessionLifetime(Duration.ofDays(14));

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.900Z");
    private static final Instant END = Instant.parse("2026-03-15T12:00:00Z");

    private final SessionRepository sessions = sessions(NOW, new SecureRandom());

    @BeforeAll
    static void users() {
        user("jane");
        user("john");
    }

    @Test
    void opensASessionWithACsrfTokenOfItsOwnFor14Days() {
        var opened = sessions.open("jane", LIFETIME).orElseThrow();

        assertThat(opened.expires()).isEqualTo(END);
        assertThat(opened.id()).isNotEqualTo(opened.csrf());
        var session = sessions.find(opened.id()).orElseThrow();
        assertThat(session.userId()).isEqualTo("jane");
        assertThat(session.isCsrfToken(opened.csrf())).isTrue();
        assertThat(session.isCsrfToken(opened.id())).isFalse();
        assertThat(session.isCsrfToken(sessions.open("jane", LIFETIME).orElseThrow().csrf())).isFalse();
    }

    @Test
    void theTableHoldsOnlyHashesOfIt() {
        var opened = sessions.open("jane", LIFETIME).orElseThrow();

        var item = TABLE.item("SESSION#" + opened.id().sha256(), "SESSION").orElseThrow();
        assertThat(item.get("csrf_hash").s()).isEqualTo(opened.csrf().sha256());
        assertThat(item.get("expires").n()).isEqualTo(Long.toString(END.getEpochSecond()));
        assertThat(item.toString()).doesNotContain(opened.id().value(), opened.csrf().value());
    }

    @Test
    void aSessionEndsAtItsExpiryThoughItsItemIsStillThere() {
        var id = sessions.open("jane", LIFETIME).orElseThrow().id();

        assertThat(sessions(END.minusSeconds(1), new SecureRandom()).find(id)).isPresent();
        assertThat(sessions(END, new SecureRandom()).find(id)).isEmpty();
        assertThat(sessions(END.plus(Duration.ofDays(2)), new SecureRandom()).find(id)).isEmpty();
    }

    @Test
    void aClosedSessionIsGoneAndClosingAgainIsNoError() {
        var other = sessions.open("jane", LIFETIME).orElseThrow();
        var items = TABLE.items();
        var closed = sessions.open("jane", LIFETIME).orElseThrow();

        sessions.close(closed.id());
        sessions.close(closed.id());

        assertThat(sessions.find(closed.id())).isEmpty();
        assertThat(sessions.find(other.id())).isPresent();
        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void allSessionsOfAUserCloseAtOnceAndNobodyElses() {
        var others = sessions.open("john", LIFETIME).orElseThrow();
        var items = TABLE.items();
        user("ann");
        var first = sessions.open("ann", LIFETIME).orElseThrow();
        var second = sessions.open("ann", LIFETIME).orElseThrow();

        assertThat(sessions.closeAll("ann")).isEqualTo(2);

        assertThat(sessions.find(first.id())).isEmpty();
        assertThat(sessions.find(second.id())).isEmpty();
        assertThat(sessions.find(others.id())).isPresent();
        assertThat(sessions.closeAll("ann")).isZero();
        assertThat(TABLE.items()).hasSize(items.size() + 1).containsAll(items);
        assertThat(sessions.open("ann", LIFETIME)).isPresent();
    }

    @Test
    void manySessionsCloseToo() {
        user("everywhere");
        var all = Stream.generate(() -> sessions.open("everywhere", LIFETIME).orElseThrow()).limit(60).toList();

        assertThat(sessions.closeAll("everywhere")).isEqualTo(60);

        assertThat(all).allSatisfy(session -> assertThat(sessions.find(session.id())).isEmpty());
    }

    @Test
    void aSessionThatHasExpiredGoesTooButIsNotCounted() {
        user("away");
        var items = TABLE.items();
        sessions.open("away", LIFETIME);

        assertThat(sessions(END, new SecureRandom()).closeAll("away")).isZero();

        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void anEntryThatAnInterruptedCloseLeftBehindDoesNoHarm() {
        user("interrupted");
        var items = TABLE.items();
        var closed = sessions.open("interrupted", LIFETIME).orElseThrow().id();
        delete("SESSION#" + closed.sha256(), "SESSION");

        assertThat(sessions.find(closed)).isEmpty();
        sessions.close(closed);
        assertThat(sessions.closeAll("interrupted")).isZero();

        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void anEntryExpiresWithItsSession() {
        var id = sessions.open("jane", LIFETIME).orElseThrow().id();

        assertThat(TABLE.item("USER#jane", "SESSION#" + id.sha256()).orElseThrow().get("expires").n())
                .isEqualTo(Long.toString(END.getEpochSecond()));
    }

    @Test
    void anInterruptedClosingOfAllFindsTheRestAgain() {
        user("half");
        var all = Stream.generate(() -> sessions.open("half", LIFETIME).orElseThrow().id()).limit(4).toList();
        var deletions = new AtomicInteger();
        var failing = new SessionRepository(CoreModule.enhanced(CoreFixture.client(request -> {
            if (request instanceof DeleteItemRequest && deletions.incrementAndGet() == 4) {
                throw new IllegalStateException("the function ran out of time");
            }
        })), CoreFixture.table(), new SecureRandom(), Clock.fixed(NOW, ZoneOffset.UTC));
        assertThatIllegalStateException().isThrownBy(() -> failing.closeAll("half"));
        assertThat(all.stream().filter(id -> sessions.find(id).isPresent())).hasSize(2);

        assertThat(sessions.closeAll("half")).isEqualTo(2);

        assertThat(all).allSatisfy(id -> assertThat(sessions.find(id)).isEmpty());
        assertThat(TABLE.items()).noneMatch(item -> item.get("pk").s().equals("USER#half")
                && item.get("sk").s().startsWith("SESSION#"));
    }

    @Test
    void nobodyUnknownGetsASession() {
        var items = TABLE.items();

        assertThat(sessions.open("nobody", LIFETIME)).isEmpty();
        assertThat(sessions.open("", LIFETIME)).isEmpty();
        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void neverTakesOverAnotherUsersSession() {
        var id = sessions(NOW, CoreFixture.random(() -> {}, 5)).open("jane", LIFETIME).orElseThrow().id();

        sessions(NOW, CoreFixture.random(() -> {}, 5)).open("john", LIFETIME);

        assertThat(sessions.find(id)).map(Session::userId).contains("jane");
    }

    @Test
    void anUnknownIdIsNoSession() {
        assertThat(sessions.find(OpaqueToken.random(new SecureRandom()))).isEmpty();
    }

    @Test
    void cookiesLastAsLongAsTheSessionAndOnlyTheCsrfTokenIsReadable() {
        var opened = sessions.open("jane", LIFETIME).orElseThrow();
        var cookies = new SessionCookies(new SessionCookieName("sessionid"), new CsrfCookieName("csrftoken"));

        assertThat(cookies.set(opened)).containsExactly(
                "sessionid=%s; Path=/; Max-Age=1209600; Secure; SameSite=Lax; HttpOnly".formatted(opened.id().value()),
                "csrftoken=%s; Path=/; Max-Age=1209600; Secure; SameSite=Lax".formatted(opened.csrf().value()));
        assertThat(cookies.clear()).containsExactly("sessionid=; Path=/; Max-Age=0; Secure; SameSite=Lax; HttpOnly",
                "csrftoken=; Path=/; Max-Age=0; Secure; SameSite=Lax");
    }

    private static void user(String userId) {
        TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(key("USER#" + userId, "PROFILE")));
    }

    private static void delete(String pk, String sk) {
        TABLE.client().deleteItem(delete -> delete.tableName(TABLE.name()).key(key(pk, sk)));
    }

    private static Map<String, AttributeValue> key(String pk, String sk) {
        return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
    }

    private static SessionRepository sessions(Instant now, SecureRandom random) {
        return new SessionRepository(CoreFixture.dynamoDb(), CoreFixture.table(), random,
                Clock.fixed(now, ZoneOffset.UTC));
    }
}
