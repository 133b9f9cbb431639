package usersapi.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.standin.MovingClock;
import usersapi.testing.LocalTables;

class SessionRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final int MAX_SESSIONS = 100;
    private static final SessionLifetime LIFETIME = new SessionLifetime(Duration.ofDays(14));
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.900Z");
    private static final Instant END = Instant.parse("2026-03-15T12:00:00Z");

    private static final SessionIdleLimit NEVER_IDLE = new SessionIdleLimit(Optional.empty());

    private final SessionClosing closing = new SessionClosing(CoreFixture.client(TABLES),
            CoreFixture.credentials(TABLES));
    private final SessionRepository sessions = sessions(NOW);
    private final SessionOpening opening = opening(new SecureRandom());

    @BeforeAll
    static void users() {
        user("jane");
        user("john");
    }

    @Test
    void opensASessionWithACsrfTokenOfItsOwnFor14Days() {
        var opened = opening.open("jane").orElseThrow();

        assertThat(opened.expires()).isEqualTo(END);
        assertThat(opened.id()).isNotEqualTo(opened.csrf());
        var session = sessions.find(opened.id()).orElseThrow();
        assertThat(session.userId()).isEqualTo("jane");
        assertThat(session.isCsrfToken(opened.csrf())).isTrue();
        assertThat(session.isCsrfToken(opened.id())).isFalse();
        assertThat(session.isCsrfToken(opening.open("jane").orElseThrow().csrf())).isFalse();
    }

    @Test
    void theTableHoldsOnlyHashesOfIt() {
        var opened = opening.open("jane").orElseThrow();

        var item = item("session#" + opened.id().sha256()).orElseThrow();
        assertThat(item.get("csrf_hash").s()).isEqualTo(opened.csrf().sha256());
        assertThat(item.get("expires").n()).isEqualTo(Long.toString(END.getEpochSecond()));
        assertThat(item.toString()).doesNotContain(opened.id().value(), opened.csrf().value());
    }

    @Test
    void aSessionEndsAtItsExpiryThoughItsItemIsStillThere() {
        var id = opening.open("jane").orElseThrow().id();

        assertThat(sessions(END.minusSeconds(1)).find(id)).isPresent();
        assertThat(sessions(END).find(id)).isEmpty();
        assertThat(sessions(END.plus(Duration.ofDays(2))).find(id)).isEmpty();
    }

    @Test
    void aClosedSessionIsGoneAndClosingAgainIsNoError() {
        var other = opening.open("jane").orElseThrow();
        var items = TABLES.items();
        var closed = opening.open("jane").orElseThrow();

        assertThat(closing.close(closed.id().sha256())).contains("jane");
        assertThat(closing.close(closed.id().sha256())).isEmpty();

        assertThat(sessions.find(closed.id())).isEmpty();
        assertThat(sessions.find(other.id())).isPresent();
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void allSessionsOfAUserCloseAtOnceAndNobodyElses() {
        var others = opening.open("john").orElseThrow();
        var items = TABLES.items();
        user("ann");
        var first = opening.open("ann").orElseThrow();
        var second = opening.open("ann").orElseThrow();

        assertThat(closeAll("ann", NOW)).isEqualTo(2);

        assertThat(sessions.find(first.id())).isEmpty();
        assertThat(sessions.find(second.id())).isEmpty();
        assertThat(sessions.find(others.id())).isPresent();
        assertThat(closeAll("ann", NOW)).isZero();
        assertThat(TABLES.items()).hasSize(items.size() + 1).containsAll(items);
        assertThat(opening.open("ann")).isPresent();
    }

    @Test
    void whenOneMoreOpensThanMayBeOpenTheOneOpenedEarliestEnds() {
        user("capped");
        var clock = new MovingClock();
        var capped = opening(3, clock);
        var opened = new ArrayList<OpenedSession>();
        for (int i = 0; i < 5; i++) {
            opened.add(capped.open("capped").orElseThrow());
            clock.forward(1);
        }

        assertThat(opened).extracting(session -> sessions(clock.instant()).find(session.id()).isPresent())
                .containsExactly(false, false, true, true, true);
        closing.close(opened.get(3).id().sha256());
        clock.forward(1);
        opened.add(capped.open("capped").orElseThrow());
        assertThat(opened).extracting(session -> sessions(clock.instant()).find(session.id()).isPresent())
                .containsExactly(false, false, true, false, true, true);
    }

    @Test
    void idleSessionsDoNotCountAsOpenAndAreDeleted() {
        user("idle");
        var clock = new MovingClock();
        var capped = opening(2, Duration.ofDays(1), clock);
        var used = capped.open("idle").orElseThrow();
        capped.open("idle");
        clock.forward(86_400);
        TABLES.put("Credentials", seenAt(used, clock.instant()));
        var items = TABLES.items().size();

        var opened = capped.open("idle").orElseThrow();

        assertThat(opened.ended()).isZero();
        assertThat(sessions(clock.instant()).find(used.id())).isPresent();
        assertThat(TABLES.items()).as("two came, and two went").hasSize(items);
        assertThat(capped.open("idle").orElseThrow().ended()).isOne();
        assertThat(sessions(clock.instant()).find(used.id())).isEmpty();
    }

    private static Map<String, AttributeValue> seenAt(OpenedSession session, Instant time) {
        var item = new HashMap<>(item("session#" + session.id().sha256()).orElseThrow());
        item.put("last_seen", AttributeValue.fromN(Long.toString(time.getEpochSecond())));
        return item;
    }

    @Test
    void expiredSessionsDoNotCountAsOpen() {
        user("expired");
        var clock = new MovingClock();
        opening(2, clock).open("expired");
        opening(2, clock).open("expired");
        clock.forward(LIFETIME.duration().toSeconds());
        int items = TABLES.items().size();

        opening(2, clock).open("expired");

        assertThat(TABLES.items()).as("nothing had to end").hasSize(items + 2);
    }

    @Test
    void openingManySessionsAtOnceEndsNoMoreThanMust() throws Exception {
        user("racing");
        var opening = opening(3, Clock.systemUTC());
        var opened = new ArrayList<OpenedSession>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var openings = Stream.generate(() -> threads.submit(() -> opening.open("racing").orElseThrow())).limit(8)
                    .toList();
            for (var each : openings) {
                opened.add(each.get());
            }
        }

        var now = sessions(Instant.now());
        assertThat(opened.stream().filter(session -> now.find(session.id()).isPresent())).hasSize(3);
    }

    @Test
    void manySessionsCloseToo() {
        user("everywhere");
        var all = Stream.generate(() -> opening.open("everywhere").orElseThrow()).limit(60).toList();

        assertThat(closeAll("everywhere", NOW)).isEqualTo(60);

        assertThat(all).allSatisfy(session -> assertThat(sessions.find(session.id())).isEmpty());
    }

    @Test
    void aSessionThatHasExpiredGoesTooButIsNotCounted() {
        user("away");
        var items = TABLES.items();
        opening.open("away");

        assertThat(closeAll("away", END)).isZero();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void anEntryThatAnInterruptedCloseLeftBehindDoesNoHarm() {
        user("interrupted");
        var items = TABLES.items();
        var closed = opening.open("interrupted").orElseThrow().id();
        TABLES.delete("Credentials", "session#" + closed.sha256(), "session#" + closed.sha256());

        assertThat(sessions.find(closed)).isEmpty();
        closing.close(closed.sha256());
        assertThat(closeAll("interrupted", NOW)).isZero();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void anEntryExpiresWithItsSession() {
        var id = opening.open("jane").orElseThrow().id();

        assertThat(TABLES.item("Credentials", "user#jane", "session#" + id.sha256()).orElseThrow().get("expires").n())
                .isEqualTo(Long.toString(END.getEpochSecond()));
    }

    @Test
    void anInterruptedClosingOfAllFindsTheRestAgain() {
        user("half");
        var all = Stream.generate(() -> opening.open("half").orElseThrow().id()).limit(40).toList();
        var batches = new AtomicInteger();
        var failing = revocation(CoreFixture.client(TABLES, request -> {
            if (request instanceof BatchWriteItemRequest && batches.incrementAndGet() == 2) {
                throw new IllegalStateException("the function ran out of time");
            }
        }), NOW);
        assertThatIllegalStateException().isThrownBy(() -> failing.closeAll("half", Optional.empty(), () -> true));
        assertThat(all.stream().filter(id -> sessions.find(id).isPresent())).hasSize(15);

        assertThat(closeAll("half", NOW)).isEqualTo(15);

        assertThat(all).allSatisfy(id -> assertThat(sessions.find(id)).isEmpty());
        assertThat(TABLES.items()).noneMatch(
                item -> item.containsKey("lookup") && item.get("lookup").s().equals("user#half"));
    }

    @Test
    void goesOnWhereItRanOutOfTime() {
        user("thousands");
        var all = Stream.generate(() -> opening.open("thousands").orElseThrow().id()).limit(100).toList();
        // More than may be open, as after the limit was lowered; a page has 100.
        IntStream.range(0, 120).forEach(i -> TABLES.put("Credentials", Map.of("expires", AttributeValue.fromN("1")),
                "user#thousands", "session#z%03d".formatted(i)));
        var revocation = revocation(CoreFixture.client(TABLES, request -> {}), NOW);

        var first = revocation.closeAll("thousands", Optional.empty(), () -> false);
        assertThat(first.next()).isPresent();
        var second = revocation.closeAll("thousands", first.next(), () -> false);
        assertThat(second.next()).isPresent();
        var third = revocation.closeAll("thousands", second.next(), () -> false);

        assertThat(third.next()).isEmpty();
        assertThat(first.closed() + second.closed() + third.closed()).isEqualTo(100);
        assertThat(all).allSatisfy(id -> assertThat(sessions.find(id)).isEmpty());
        assertThat(TABLES.items()).noneMatch(
                item -> item.containsKey("lookup") && item.get("lookup").s().equals("user#thousands"));
    }

    @Test
    void aSessionThatOpensAsItsUserIsDeletedIsNone() {
        user("leaving");
        var items = TABLES.items();
        var openingAsTheUserGoes = opening(
                CoreFixture.random(CoreFixture.once(() -> TABLES.delete("Users", "user#leaving"))));

        assertThat(openingAsTheUserGoes.open("leaving")).isEmpty();

        assertThat(TABLES.items()).hasSize(items.size() - 1).isSubsetOf(items);
    }

    @Test
    void anUnknownUserGetsNoSession() {
        var items = TABLES.items();

        assertThat(opening.open("nobody")).isEmpty();
        assertThat(opening.open("")).isEmpty();
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void neverTakesOverAnotherUsersSession() {
        var id = opening(CoreFixture.random(() -> {}, 5)).open("jane").orElseThrow().id();

        opening(CoreFixture.random(() -> {}, 5)).open("john");

        assertThat(sessions.find(id)).map(Session::userId).contains("jane");
    }

    @Test
    void anUnknownIdIsNoSession() {
        assertThat(sessions.find(OpaqueToken.random(new SecureRandom()))).isEmpty();
    }

    @Test
    void cookiesLastAsLongAsTheSessionAndOnlyTheCsrfTokenIsReadable() {
        var opened = opening.open("jane").orElseThrow();
        var cookies = new SessionCookies(new SessionCookieName("sessionid"), new CsrfCookieName("csrftoken"));

        assertThat(cookies.set(opened)).containsExactly(
                "sessionid=%s; Path=/; Max-Age=1209600; Secure; SameSite=Lax; HttpOnly".formatted(opened.id().value()),
                "csrftoken=%s; Path=/; Max-Age=1209600; Secure; SameSite=Lax".formatted(opened.csrf().value()));
        assertThat(cookies.clear()).containsExactly("sessionid=; Path=/; Max-Age=0; Secure; SameSite=Lax; HttpOnly",
                "csrftoken=; Path=/; Max-Age=0; Secure; SameSite=Lax");
    }

    private static void user(String userId) {
        TABLES.put("Users", Map.of(), "user#" + userId);
    }

    private static Optional<Map<String, AttributeValue>> item(String credential) {
        return TABLES.item("Credentials", credential, credential);
    }

    private static SessionRepository sessions(Instant now) {
        return new SessionRepository(CoreFixture.client(TABLES), CoreFixture.credentials(TABLES), NEVER_IDLE,
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private static long closeAll(String userId, Instant now) {
        var progress = revocation(CoreFixture.client(TABLES, request -> {}), now).closeAll(userId, Optional.empty(),
                () -> true);
        assertThat(progress.next()).isEmpty();
        return progress.closed();
    }

    private static SessionRevocation revocation(DynamoDbClient client, Instant now) {
        return new SessionRevocation(client, CoreFixture.credentials(TABLES), NEVER_IDLE,
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private static SessionOpening opening(SecureRandom random) {
        return opening(MAX_SESSIONS, random, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static SessionOpening opening(int limit, Clock clock) {
        return opening(limit, new SecureRandom(), clock);
    }

    private static SessionOpening opening(int limit, Duration idle, Clock clock) {
        return opening(limit, new SessionIdleLimit(Optional.of(idle)), new SecureRandom(), clock);
    }

    private static SessionOpening opening(int limit, SecureRandom random, Clock clock) {
        return opening(limit, NEVER_IDLE, random, clock);
    }

    private static SessionOpening opening(int limit, SessionIdleLimit idle, SecureRandom random, Clock clock) {
        return new SessionOpening(CoreFixture.client(TABLES), CoreFixture.users(TABLES),
                CoreFixture.credentials(TABLES), LIFETIME, new SessionLimit(limit), idle, random, clock);
    }
}
