package usersapi.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import usersapi.CoreFixture;
import usersapi.testing.LocalTable;
import usersapi.testing.MovingClock;

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

        clock.forward(299);
        assertThat(secret.get()).isEqualTo("parsed one");
        clock.forward(1);
        assertThat(secret.get()).isEqualTo("parsed two");
    }

    @Test
    void isAsYoungAsItIsAskedFor() {
        TABLE.secrets().put("cached", "one");
        secret.get();
        TABLE.secrets().put("cached", "two");

        clock.forward(9);
        assertThat(secret.get(Duration.ofSeconds(10))).isEqualTo("parsed one");
        assertThat(secret.get(Duration.ZERO)).isEqualTo("parsed two");
        TABLE.secrets().put("cached", "three");
        clock.forward(10);
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
}
