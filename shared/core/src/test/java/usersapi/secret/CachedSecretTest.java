package usersapi.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import usersapi.CoreFixture;
import usersapi.standin.MovingClock;
import usersapi.testing.LocalTables;

class CachedSecretTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final String name = System.getProperty("STRIPE_SECRET");
    private final MovingClock clock = new MovingClock();
    private int clients;

    private final CachedSecret<String> secret = new CachedSecret<>(() -> {
        clients++;
        return CoreFixture.secretsManager();
    }, name, text -> "parsed " + text, clock);

    @Test
    void isFetchedAtTheFirstUseOnly() {
        TABLES.putSecret(name, "one");
        assertThat(clients).isZero();

        assertThat(secret.get()).isEqualTo("parsed one");
        assertThat(secret.get()).isEqualTo("parsed one");
        assertThat(clients).isEqualTo(1);
    }

    @Test
    void isAtMostFiveMinutesOld() {
        TABLES.putSecret(name, "one");
        secret.get();
        TABLES.putSecret(name, "two");

        clock.forward(299);
        assertThat(secret.get()).isEqualTo("parsed one");
        clock.forward(1);
        assertThat(secret.get()).isEqualTo("parsed two");
    }

    @Test
    void isAsYoungAsItIsAskedFor() {
        TABLES.putSecret(name, "one");
        secret.get();
        TABLES.putSecret(name, "two");

        clock.forward(9);
        assertThat(secret.get(Duration.ofSeconds(10))).isEqualTo("parsed one");
        assertThat(secret.get(Duration.ZERO)).isEqualTo("parsed two");
        TABLES.putSecret(name, "three");
        clock.forward(10);
        assertThat(secret.get(Duration.ofSeconds(10))).isEqualTo("parsed three");
    }

    @Test
    void whatCannotBeFetchedIsAskedForAgain() {
        TABLES.deleteSecret(name);
        assertThatThrownBy(secret::get).isInstanceOf(ResourceNotFoundException.class);

        TABLES.putSecret(name, "found");

        assertThat(secret.get()).isEqualTo("parsed found");
    }

    @Test
    void neverShowsByToString() {
        TABLES.putSecret(name, "s3cret");
        secret.get();

        assertThat(secret.toString()).doesNotContain("s3cret");
    }
}
