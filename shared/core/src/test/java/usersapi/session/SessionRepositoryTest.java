package usersapi.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.testing.LocalTable;

class SessionRepositoryTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.900Z");
    private static final Instant END = Instant.parse("2026-03-15T12:00:00Z");

    private final SessionRepository sessions = sessions(NOW, new SecureRandom());

    @BeforeAll
    static void users() {
        for (var userId : new String[]{"jane", "john"}) {
            TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(
                    Map.of("pk", AttributeValue.fromS("USER#" + userId), "sk", AttributeValue.fromS("PROFILE"))));
        }
    }

    @Test
    void opensASessionWithACsrfTokenOfItsOwnFor14Days() {
        var opened = sessions.open("jane").orElseThrow();

        assertThat(opened.expires()).isEqualTo(END);
        assertThat(opened.id()).isNotEqualTo(opened.csrf());
        var session = sessions.find(opened.id()).orElseThrow();
        assertThat(session.userId()).isEqualTo("jane");
        assertThat(session.isCsrfToken(opened.csrf())).isTrue();
        assertThat(session.isCsrfToken(opened.id())).isFalse();
        assertThat(session.isCsrfToken(sessions.open("jane").orElseThrow().csrf())).isFalse();
    }

    @Test
    void theTableHoldsOnlyHashesOfIt() {
        var opened = sessions.open("jane").orElseThrow();

        var item = TABLE.item("SESSION#" + opened.id().sha256(), "SESSION").orElseThrow();
        assertThat(item.get("csrf_hash").s()).isEqualTo(opened.csrf().sha256());
        assertThat(item.get("expires").n()).isEqualTo(Long.toString(END.getEpochSecond()));
        assertThat(item.toString()).doesNotContain(opened.id().value(), opened.csrf().value());
    }

    @Test
    void aSessionEndsAtItsExpiryThoughItsItemIsStillThere() {
        var id = sessions.open("jane").orElseThrow().id();

        assertThat(sessions(END.minusSeconds(1), new SecureRandom()).find(id)).isPresent();
        assertThat(sessions(END, new SecureRandom()).find(id)).isEmpty();
        assertThat(sessions(END.plus(Duration.ofDays(2)), new SecureRandom()).find(id)).isEmpty();
    }

    @Test
    void aClosedSessionIsGoneAndClosingAgainIsNoError() {
        var closed = sessions.open("jane").orElseThrow();
        var other = sessions.open("jane").orElseThrow();

        sessions.close(closed.id());
        sessions.close(closed.id());

        assertThat(sessions.find(closed.id())).isEmpty();
        assertThat(sessions.find(other.id())).isPresent();
    }

    @Test
    void nobodyUnknownGetsASession() {
        var items = TABLE.items();

        assertThat(sessions.open("nobody")).isEmpty();
        assertThat(sessions.open("")).isEmpty();
        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void neverTakesOverAnotherUsersSession() {
        var id = sessions(NOW, CoreFixture.random(() -> {}, 5)).open("jane").orElseThrow().id();

        sessions(NOW, CoreFixture.random(() -> {}, 5)).open("john");

        assertThat(sessions.find(id)).map(Session::userId).contains("jane");
    }

    @Test
    void anUnknownIdIsNoSession() {
        assertThat(sessions.find(OpaqueToken.random(new SecureRandom()))).isEmpty();
    }

    @Test
    void cookiesLastAsLongAsTheSessionAndOnlyTheCsrfTokenIsReadable() {
        var opened = sessions.open("jane").orElseThrow();
        var cookies = new SessionCookies(CoreFixture.config());

        assertThat(cookies.set(opened)).containsExactly(
                "sessionid=%s; Path=/; Max-Age=1209600; Secure; SameSite=Lax; HttpOnly".formatted(opened.id().value()),
                "csrftoken=%s; Path=/; Max-Age=1209600; Secure; SameSite=Lax".formatted(opened.csrf().value()));
        assertThat(cookies.clear()).containsExactly("sessionid=; Path=/; Max-Age=0; Secure; SameSite=Lax; HttpOnly",
                "csrftoken=; Path=/; Max-Age=0; Secure; SameSite=Lax");
    }

    private static SessionRepository sessions(Instant now, SecureRandom random) {
        return new SessionRepository(CoreFixture.dynamoDb(), CoreFixture.config(), random,
                Clock.fixed(now, ZoneOffset.UTC));
    }
}
