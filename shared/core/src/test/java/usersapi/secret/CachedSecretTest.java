package usersapi.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import usersapi.CoreFixture;
import usersapi.config.Environment;
import usersapi.standin.MovingClock;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;
import usersapi.wiring.CoreModule;

class CachedSecretTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final String name = TABLES.variable("STRIPE_SECRET");
    private final MovingClock clock = new MovingClock();
    private int clients;

    private final CachedSecret<String> secret = new CachedSecret<>(() -> {
        clients++;
        return CoreFixture.secretsManager(TABLES);
    }, name, CachedSecretTest::parse, clock);

    private static String parse(String text) {
        if (text.startsWith("malformed")) {
            throw new MalformedSecretException("not a secret");
        }
        return "parsed " + text;
    }

    @Test
    void isFetchedAtTheFirstUseOnly() {
        TABLES.putSecret(name, "one");
        assertThat(clients).isZero();

        assertThat(secret.get()).isEqualTo("parsed one");
        assertThat(secret.get()).isEqualTo("parsed one");
        assertThat(clients).isEqualTo(1);
    }

    @Test
    void isFetchedOnceIfItWasBegun() {
        TABLES.putSecret(name, "one");

        secret.begin();
        secret.begin();

        assertThat(secret.get()).isEqualTo("parsed one");
        secret.begin();
        assertThat(secret.get()).isEqualTo("parsed one");
        assertThat(clients).isEqualTo(1);
    }

    @Test
    @Timeout(30)
    void nobodyWaitsWhileItIsBegun() {
        TABLES.putSecret(name, "one");
        var over = new CountDownLatch(1);
        var waiting = new CachedSecret<>(() -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CoreFixture.secretsManager(TABLES);
        }, name, CachedSecretTest::parse, clock);

        waiting.begin();
        over.countDown();

        assertThat(waiting.get()).isEqualTo("parsed one");
    }

    @Test
    void isFetchedAgainIfItsBeginningFailed() {
        TABLES.putSecret(name, "one");
        var failing = new CachedSecret<>(() -> {
            if (++clients == 1) {
                throw new IllegalStateException("the sandbox was frozen");
            }
            return CoreFixture.secretsManager(TABLES);
        }, name, CachedSecretTest::parse, clock);

        failing.begin();

        assertThat(failing.get()).isEqualTo("parsed one");
        assertThat(clients).isEqualTo(2);
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
    void isNotOlderThanRequested() {
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
    void aSecretThatCouldNotBeFetchedIsFetchedAgain() {
        TABLES.putSecret(name, "lost");
        TABLES.deleteSecret(name);
        assertThatThrownBy(secret::get).isInstanceOf(ResourceNotFoundException.class);

        TABLES.putSecret(name, "found");

        assertThat(secret.get()).isEqualTo("parsed found");
    }

    @Test
    void outlivesAnOutageOfSecretsManagerAndIsRefreshedSoonAfterIt() {
        TABLES.putSecret(name, "one");
        secret.get();
        TABLES.deleteSecret(name);

        clock.forward(3_600);
        assertThat(secret.get()).isEqualTo("parsed one");
        TABLES.putSecret(name, "two");
        clock.forward(29);
        assertThat(secret.get()).isEqualTo("parsed one");
        clock.forward(1);
        assertThat(secret.get()).isEqualTo("parsed two");
    }

    @Test
    void aBrokenRotationChangesNothing() {
        TABLES.putSecret(name, "one");
        secret.get();
        TABLES.putSecret(name, "malformed");

        clock.forward(300);
        assertThat(secret.get()).isEqualTo("parsed one");
        assertThatThrownBy(() -> secret.get(Duration.ZERO)).isInstanceOf(MalformedSecretException.class);
        assertThat(secret.get()).isEqualTo("parsed one");

        TABLES.putSecret(name, "two");
        clock.forward(30);
        assertThat(secret.get()).isEqualTo("parsed two");
    }

    @Test
    void aCallerWhoNeedsTheCurrentValueGetsTheFailure() {
        TABLES.putSecret(name, "one");
        secret.get();
        TABLES.deleteSecret(name);

        assertThatThrownBy(() -> secret.get(Duration.ZERO)).isInstanceOf(ResourceNotFoundException.class);
        TABLES.putSecret(name, "one");
    }

    @Test
    @Timeout(60)
    void oneCallerRefreshesAndTheOthersDoNotWaitForIt() throws Exception {
        TABLES.putSecret(name, "one");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Environment environment = TABLES
                    .variables(Map.of("AWS_ENDPOINT_URL_SECRETS_MANAGER", network.endpoint()))::get;
            var slow = new CachedSecret<>(
                    () -> CoreModule.secretsManager(UrlConnectionHttpClient.create(), environment), name,
                    CachedSecretTest::parse,
                    clock);
            slow.get();
            int before = network.requests();
            clock.forward(300);
            network.failAll(Fault.SILENCE);

            var refreshing = threads.submit(() -> slow.get());
            while (network.requests() == before) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 100; i++) {
            }
            assertThat(refreshing.isDone()).as("the others were first").isFalse();
            assertThat(refreshing.get()).isEqualTo("parsed one");
        }
    }

    @Test
    @Timeout(60)
    void aBusyFunctionRefreshesItBesideItsCallers() throws Exception {
        TABLES.putSecret(name, "one");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"))) {
            var busy = through(network, name);
            busy.get();
            int before = network.requests();
            TABLES.putSecret(name, "two");
            network.failNext(Fault.ERROR);
            clock.forward(180);

            assertThat(busy.get()).as("nobody waits").isEqualTo("parsed one");
            while (!busy.get().equals("parsed two")) {
                Thread.onSpinWait();
            }

            assertThat(network.requests() - before).as("one refreshed, and met the error").isEqualTo(2);
        }
    }

    @Test
    @Timeout(60)
    void aRefreshThatWasFrozenIsNoFailureOfSecretsManager() throws Exception {
        TABLES.putSecret(name, "one");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"))) {
            var frozen = through(network, name);
            frozen.get();
            int before = network.requests();
            network.failNext(Fault.SILENCE);
            clock.forward(200);
            frozen.get();
            while (network.requests() == before) {
                Thread.onSpinWait();
            }
            TABLES.putSecret(name, "two");
            clock.forward(3_600);

            assertThat(frozen.get()).as("the first caller after an hour").isEqualTo("parsed two");
        }
    }

    @Test
    void anOutageOfOneSecretLeavesAnotherAlone() throws Exception {
        var other = TABLES.variable("TOKEN_KEY_SECRET");
        TABLES.putSecret(name, "one");
        TABLES.putSecret(other, "other one");
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"))) {
            var out = through(network, name);
            var well = through(network, other);
            out.get();
            well.get();
            TABLES.putSecret(name, "two");
            TABLES.putSecret(other, "other two");
            network.failAll(Fault.ERROR, name);
            clock.forward(300);

            assertThat(out.get()).isEqualTo("parsed one");
            assertThat(well.get()).isEqualTo("parsed other two");
        }
    }

    private CachedSecret<String> through(FaultyNetwork network, String id) {
        Environment environment = TABLES
                .variables(Map.of("AWS_ENDPOINT_URL_SECRETS_MANAGER", network.endpoint()))::get;
        var client = CoreModule.secretsManager(UrlConnectionHttpClient.create(), environment);
        return new CachedSecret<>(() -> client, id, CachedSecretTest::parse, clock);
    }

    @Test
    void neverShowsByToString() {
        TABLES.putSecret(name, "s3cret");
        secret.get();

        assertThat(secret.toString()).doesNotContain("s3cret");
    }
}
