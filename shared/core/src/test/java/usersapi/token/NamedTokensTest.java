package usersapi.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.session.SessionFixture;
import usersapi.standin.MovingClock;
import usersapi.table.CredentialsTable;
import usersapi.testing.LocalTables;

class NamedTokensTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String SESSION = "5".repeat(64);

    private final MovingClock clock = new MovingClock();
    private final NamedTokens tokens = new NamedTokens(TABLES.client(), CoreFixture.credentials(TABLES),
            SessionFixture.check(TABLES.client(), CoreFixture.credentials(TABLES)), new SecureRandom(), clock);
    private final AccessTokenRepository found = new AccessTokenRepository(CoreFixture.client(TABLES),
            CoreFixture.credentials(TABLES), clock);

    NamedTokensTest() {
        TABLES.put("Credentials", Map.of(), "session#" + SESSION, "session#" + SESSION);
    }

    private static NamedTokenRequest request(String label) {
        return new NamedTokenRequest(label, Optional.empty(), false);
    }

    private static NamedTokenRequest forDays(int days) {
        return new NamedTokenRequest("expires", Optional.of(Duration.ofDays(days)), true);
    }

    private NamedTokens.Made.Created made(String userId, NamedTokenRequest request) {
        return (NamedTokens.Made.Created) tokens.make(userId, SESSION, request);
    }

    private boolean isValid(OpaqueToken token) {
        return found.find(token).isPresent();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    @Test
    void areListedWithTheNewestFirst() {
        var first = made("lists", request("one"));
        clock.forward(1);
        var second = made("lists", forDays(90));
        made("another", request("other"));

        assertThat(tokens.list("lists")).containsExactly(second.named(), first.named());
        assertThat(second.named()).isEqualTo(new NamedToken(second.token().sha256(), "expires", clock.instant(),
                Optional.empty(), Optional.of(now() + 90 * 86_400), true));
        assertThat(tokens.list("nobody")).isEmpty();
    }

    @Test
    void expireExactlyAsManyDaysAfterTheirCreationAlthoughTimePasses() {
        var readings = new AtomicLong();
        var hurried = new NamedTokens(TABLES.client(), CoreFixture.credentials(TABLES),
                SessionFixture.check(TABLES.client(), CoreFixture.credentials(TABLES)), new SecureRandom(),
                new Clock() {
                    @Override
                    public Instant instant() {
                        return Instant.ofEpochSecond(readings.incrementAndGet());
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                });

        var made = ((NamedTokens.Made.Created) hurried.make("hurried", SESSION, forDays(2))).named();

        assertThat(made.expires()).contains(made.created().getEpochSecond() + 2 * 86_400);
    }

    @Test
    void areInTheTableAsHashesOnly() {
        var token = made("hashed", request("secret")).token();

        assertThat(TABLES.items().toString()).doesNotContain(token.value()).contains(token.sha256());
    }

    @Test
    void areTheirOwnersAndTellWhatHoldsForThem() {
        var made = made("owner", forDays(1));

        assertThat(found.find(made.token())).contains(new AccessToken("owner", Optional.of(new AccessToken.Named(
                made.named().id(), true, Optional.empty(), Optional.of(now() + 86_400)))));
    }

    @Test
    void endToTheSecond() {
        var token = made("expires", forDays(1)).token();

        clock.forward(86_399);
        assertThat(isValid(token)).isTrue();
        assertThat(tokens.list("expires")).hasSize(1);
        clock.forward(1);
        assertThat(isValid(token)).isFalse();
        assertThat(tokens.list("expires")).isEmpty();
        assertThat(tokens.end("expires", token.sha256())).isFalse();
    }

    @Test
    void endOneByOne() {
        var items = TABLES.items();
        var token = made("ends", request("a")).token();

        assertThat(tokens.end("ends", token.sha256())).isTrue();

        assertThat(isValid(token)).isFalse();
        assertThat(TABLES.items()).isEqualTo(items);
        assertThat(tokens.end("ends", token.sha256())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "named_token#00",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "5555555555555555555555555555555555555555555555555555555555555555"})
    void onlyTheirIdsEndThem(String id) {
        made("own", request("a"));
        var items = TABLES.items();

        assertThat(tokens.end("own", id)).isFalse();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void endByTheirUserOnlyAndNotTheDefaultOne() {
        var token = made("victim", request("a")).token();
        var standard = OpaqueToken.random(new SecureRandom()).sha256();
        TABLES.client().putItem(put -> put.tableName(CoreFixture.credentials(TABLES).name())
                .item(TokenOwner.SCHEMA.write(TokenOwner.of(standard, "victim"))));
        var items = TABLES.items();

        assertThat(tokens.end("thief", token.sha256())).isFalse();
        assertThat(tokens.end("victim", standard)).isFalse();

        assertThat(TABLES.items()).isEqualTo(items);
        assertThat(tokens.list("victim")).as("without the default one").hasSize(1);
    }

    @Test
    void areTwentyAtMostOfWhichExpiredOnesDoNotCount() {
        for (int i = 0; i < 19; i++) {
            made("many", request("same"));
        }
        var expiring = made("many", forDays(1));
        assertThat(tokens.make("many", SESSION, request("one more"))).isInstanceOf(NamedTokens.Made.TooMany.class);
        made("another", request("of another"));

        clock.forward(86_400);
        var replacing = made("many", request("one more"));
        assertThat(tokens.make("many", SESSION, request("again"))).isInstanceOf(NamedTokens.Made.TooMany.class);
        assertThat(tokens.end("many", expiring.named().id())).as("it has expired").isFalse();
        assertThat(tokens.list("many")).hasSize(20).contains(replacing.named());

        assertThat(tokens.end("many", replacing.named().id())).isTrue();
        made("many", request("in its place"));
        assertThat(tokens.list("many")).hasSize(20);
    }

    @Test
    void areTwentyAtMostInARaceToo() throws Exception {
        for (int i = 0; i < 16; i++) {
            made("racing", request("before"));
        }
        var results = new ArrayList<NamedTokens.Made>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<NamedTokens.Made> race = () -> tokens.make("racing", SESSION, request("race"));
            for (var result : threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> race).toList())) {
                results.add(result.get());
            }
        }

        assertThat(results.stream().filter(NamedTokens.Made.Created.class::isInstance)).hasSize(4);
        assertThat(tokens.list("racing")).hasSize(20);
    }

    @Test
    void areMadeByAnOpenSessionOnly() {
        var items = TABLES.items();

        assertThat(tokens.make("late", "6".repeat(64), request("a"))).isEqualTo(new NamedTokens.Made.SessionEnded());

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void allEndTogether() {
        var items = TABLES.items();
        var others = made("bystander", request("a"));
        var all = IntStream.range(0, 19).mapToObj(i -> made("loses", request("a")).token()).toList();
        made("loses", forDays(1));
        clock.forward(86_400);

        assertThat(tokens.endAll("loses")).as("without the one that has expired").isEqualTo(19);

        assertThat(all).noneMatch(this::isValid);
        assertThat(isValid(others.token())).isTrue();
        assertThat(tokens.endAll("loses")).isZero();
        assertThat(TABLES.items()).hasSize(items.size() + 2).containsAll(items);
    }

    @Test
    void leaveNoSlotBehindThatOthersHaveTakenMeanwhile() {
        var expired = made("slots", forDays(1));
        clock.forward(86_400);
        for (int i = 0; i < 20; i++) {
            made("slots", request("new"));
        }
        assertThat(TABLES.item("Credentials", "token#" + expired.named().id(), "token#" + expired.named().id()))
                .as("DynamoDB deletes it later").isPresent();

        assertThat(tokens.endAll("slots")).isEqualTo(20);
        assertThat(TABLES.items("Credentials").stream()
                .filter(item -> item.get(CredentialsTable.LOOKUP.name()).s().equals("user#slots"))).isEmpty();
    }
}
