package usersapi.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.CoreFixture;
import usersapi.standin.MovingClock;
import usersapi.testing.LocalTables;

class UserSessionsTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final Duration LIFETIME = Duration.ofDays(14);

    private final MovingClock clock = new MovingClock();
    private final SessionIdleLimit idle = new SessionIdleLimit(Optional.of(Duration.ofDays(3)));
    private final UserSessions sessions = sessions(new SessionIdleLimit(Optional.empty()));

    private UserSessions sessions(SessionIdleLimit limit) {
        return new UserSessions(TABLES.client(), CoreFixture.credentials(TABLES), limit, clock);
    }

    private String open(String userId) {
        TABLES.put("Users", Map.of(), "user#" + userId);
        return new SessionOpening(CoreFixture.client(TABLES), CoreFixture.users(TABLES),
                CoreFixture.credentials(TABLES),
                new SessionLifetime(LIFETIME), new SessionLimit(1_000), new SessionIdleLimit(Optional.empty()),
                new SecureRandom(), clock).open(userId)
                .orElseThrow().id().sha256();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    @Test
    void areListedWithTheNewestFirst() {
        long first = now();
        var older = open("lists");
        clock.forward(60);
        var newer = open("lists");
        open("another");

        var listed = sessions.list("lists");

        assertThat(listed).extracting(ListedSession::id).containsExactly(newer, older);
        assertThat(listed.getLast().created().getEpochSecond()).isEqualTo(first);
        assertThat(listed.getLast().lastSeen()).isEqualTo(first);
        assertThat(listed.getLast().expires()).isEqualTo(first + LIFETIME.toSeconds());
        assertThat(sessions.list("nobody")).isEmpty();
    }

    /** A session that nobody lists could be ended by nobody. */
    @Test
    void areListedHoweverOftenOthersAreEndedWhileTheyAreOpened() throws Exception {
        var current = open("raced");
        var isOver = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(6)) {
            var enders = Stream.generate(() -> threads.submit(() -> {
                while (!isOver.get()) {
                    sessions.endOthers("raced", current);
                }
            })).limit(2).toList();
            var openers = Stream.generate(() -> threads.submit(() -> {
                for (int i = 0; i < 60; i++) {
                    open("raced");
                }
            })).limit(4).toList();
            for (var opener : openers) {
                opener.get();
            }
            isOver.set(true);
            for (var ender : enders) {
                ender.get();
            }
        }

        sessions.endOthers("raced", current);

        assertThat(TABLES.items().stream().filter(item -> item.containsKey("csrf_hash"))
                .filter(item -> item.get("external_id").s().equals("raced")).map(item -> item.get("lookup").s()))
                .containsExactly("session#" + current);
    }

    @Test
    void areListedHoweverManyTheyAre() {
        var ids = Stream.generate(() -> open("many")).limit(101).toList();

        assertThat(sessions.list("many")).extracting(ListedSession::id).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void areListedWhileTheyAreOpen() {
        var closed = open("closes");
        open("closes");
        TABLES.delete("Credentials", "session#" + closed, "session#" + closed);

        assertThat(sessions.list("closes")).as("an entry decides nothing").extracting(ListedSession::id).hasSize(1)
                .doesNotContain(closed);
        clock.forward(LIFETIME.toSeconds() - 1);
        assertThat(sessions.list("closes")).hasSize(1);
        clock.forward(1);
        assertThat(sessions.list("closes")).isEmpty();
    }

    @Test
    void endByTheIdleLimitWhereThatIsEarlier() {
        var id = open("idle");
        long opened = now();

        assertThat(sessions(idle).list("idle")).extracting(ListedSession::expires)
                .containsExactly(opened + Duration.ofDays(3).toSeconds());
        clock.forward(Duration.ofDays(3).toSeconds());
        assertThat(sessions(idle).list("idle")).isEmpty();
        assertThat(sessions(idle).end("idle", id)).isFalse();
        assertThat(sessions.end("idle", id)).isTrue();
    }

    @Test
    void endOneByOne() {
        var items = TABLES.items("Credentials");
        var id = open("ends");

        assertThat(sessions.end("ends", id)).isTrue();

        assertThat(TABLES.items("Credentials")).isEqualTo(items);
        assertThat(sessions.end("ends", id)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "user#own", "token#",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "session#0000000000000000000000000000000000000000000000000000000"})
    void endByTheirOwnIdsOnly(String id) {
        open("own");
        var items = TABLES.items();

        assertThat(sessions.end("own", id)).isFalse();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void endByTheirUserOnlyAndInLowerCase() {
        var id = open("victim");
        open("thief");
        var items = TABLES.items();

        assertThat(sessions.end("thief", id)).isFalse();
        assertThat(sessions.end("victim", id.toUpperCase(java.util.Locale.ROOT))).isFalse();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void whichHaveExpiredHaveEndedAlready() {
        var id = open("late");
        clock.forward(LIFETIME.toSeconds() - 1);
        var items = TABLES.items();
        clock.forward(1);

        assertThat(sessions.end("late", id)).isFalse();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void allEndButOne() {
        var others = open("stranger");
        var kept = open("keeps");
        for (int i = 0; i < 30; i++) {
            open("keeps");
        }

        assertThat(sessions.endOthers("keeps", kept)).isEqualTo(30);

        assertThat(sessions.list("keeps")).extracting(ListedSession::id).containsExactly(kept);
        assertThat(sessions.list("stranger")).extracting(ListedSession::id).containsExactly(others);
        assertThat(TABLES.items("Credentials").stream().map(item -> item.get("lookup"))
                .filter(AttributeValue.fromS("user#keeps")::equals)).hasSize(1);
        assertThat(sessions.endOthers("keeps", kept)).isZero();
    }

    /** A page of a query has at most 1 MB. */
    @Test
    void allAlsoIfTheirEntriesFillMoreThanAPage() {
        var kept = open("fills");
        var padding = AttributeValue.fromS("x".repeat(350_000));
        for (var digit : List.of("1", "2", "3", "4")) {
            TABLES.put("Credentials",
                    Map.of("created", AttributeValue.fromS("2026-11-28T00:00:00Z"), "expires",
                            AttributeValue.fromN(Long.toString(now() + 1_000)), "padding", padding),
                    "user#fills", "session#" + digit.repeat(64));
        }

        assertThat(sessions.endOthers("fills", kept)).isEqualTo(4);

        assertThat(TABLES.items("Credentials").stream().map(item -> item.get("lookup"))
                .filter(AttributeValue.fromS("user#fills")::equals)).hasSize(1);
    }
}
