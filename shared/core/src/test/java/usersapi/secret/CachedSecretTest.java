package usersapi.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import usersapi.CoreFixture;
import usersapi.testing.LocalTable;

class CachedSecretTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private final MovingClock clock = new MovingClock();
    private int clients;

    private final CachedSecret<String> secret = new CachedSecret<>(() -> {
        clients++;
        return CoreFixture.secretsManager();
    }, "cached", text -> "parsed " + text, clock);

    @Test
    void isFetchedAtTheFirstUseOnly() {
        TABLE.secrets().put("cached", "one");
        assertThat(clients).isZero();

        assertThat(secret.get()).isEqualTo("parsed one");
        assertThat(secret.get()).isEqualTo("parsed one");
        assertThat(clients).isEqualTo(1);
    }

    @Test
    void isAtMostFiveMinutesOld() {
        TABLE.secrets().put("cached", "one");
        secret.get();
        TABLE.secrets().put("cached", "two");

        clock.now = clock.now.plusSeconds(299);
        assertThat(secret.get()).isEqualTo("parsed one");
        clock.now = clock.now.plusSeconds(1);
        assertThat(secret.get()).isEqualTo("parsed two");
    }

    @Test
    void isAsYoungAsItIsAskedFor() {
        TABLE.secrets().put("cached", "one");
        secret.get();
        TABLE.secrets().put("cached", "two");

        clock.now = clock.now.plusSeconds(9);
        assertThat(secret.get(Duration.ofSeconds(10))).isEqualTo("parsed one");
        assertThat(secret.get(Duration.ZERO)).isEqualTo("parsed two");
        TABLE.secrets().put("cached", "three");
        clock.now = clock.now.plusSeconds(10);
        assertThat(secret.get(Duration.ofSeconds(10))).isEqualTo("parsed three");
    }

    @Test
    void whatCannotBeFetchedIsAskedForAgain() {
        var missing = new CachedSecret<>(CoreFixture::secretsManager, "missing", text -> text, clock);
        assertThatThrownBy(missing::get).isInstanceOf(ResourceNotFoundException.class);

        TABLE.secrets().put("missing", "found");

        assertThat(missing.get()).isEqualTo("found");
    }

    @Test
    void neverShowsByToString() {
        TABLE.secrets().put("cached", "s3cret");
        secret.get();

        assertThat(secret.toString()).doesNotContain("s3cret");
    }

    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-03-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
