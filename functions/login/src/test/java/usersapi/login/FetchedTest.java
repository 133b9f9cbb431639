package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import usersapi.standin.MovingClock;

class FetchedTest {

    private final MovingClock clock = new MovingClock();
    private final AtomicInteger fetches = new AtomicInteger();
    private boolean isDown;
    private final Fetched<Integer> fetched = new Fetched<>(this::fetch, Duration.ofSeconds(600), Duration.ofSeconds(30),
            clock);

    private Integer fetch() {
        int number = fetches.incrementAndGet();
        if (isDown) {
            throw new IllegalStateException("down");
        }
        return number;
    }

    @Test
    void fetchesAtTheFirstUse() {
        assertThat(fetches).hasValue(0);
        assertThat(fetched.get()).isEqualTo(1);
        assertThat(fetched.get()).isEqualTo(1);
    }

    @Test
    void fetchesAgainWhenItIsTooOld() {
        fetched.get();
        clock.forward(599);
        assertThat(fetched.get()).isEqualTo(1);
        clock.forward(1);

        assertThat(fetched.get()).isEqualTo(2);
    }

    @Test
    void refreshesAtOnceAndThenNotForAWhile() {
        fetched.get();

        assertThat(fetched.refreshed()).isEqualTo(2);
        assertThat(fetched.refreshed()).isEqualTo(2);
        clock.forward(29);
        assertThat(fetched.refreshed()).isEqualTo(2);
        clock.forward(1);
        assertThat(fetched.refreshed()).isEqualTo(3);
        assertThat(fetched.get()).isEqualTo(3);
    }

    @Test
    void aFailureIsNotKept() {
        isDown = true;
        assertThatIllegalStateException().isThrownBy(fetched::get);
        isDown = false;

        assertThat(fetched.get()).isEqualTo(2);
    }

    @Test
    void aRefreshThatFailsTakesNothingAwayAndIsNotRepeated() {
        fetched.get();
        isDown = true;
        assertThatIllegalStateException().isThrownBy(fetched::refreshed);

        assertThat(fetched.get()).isEqualTo(1);
        assertThat(fetched.refreshed()).isEqualTo(1);
        assertThat(fetches).hasValue(2);
        clock.forward(600);
        assertThatIllegalStateException().isThrownBy(fetched::get);
    }

    @Test
    void callersAtTheSameTimeGetTheSameValue() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var calls = new AtomicInteger();
        var slow = new Fetched<>(() -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return calls.incrementAndGet();
        }, Duration.ofSeconds(600), Duration.ofSeconds(30), clock);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 16).mapToObj(i -> threads.submit((Callable<Integer>) slow::get)).toList();
            begun.await();
            end.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(1);
            }
        }
        assertThat(calls).hasValue(1);
    }
}
