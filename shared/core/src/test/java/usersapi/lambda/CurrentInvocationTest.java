package usersapi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import usersapi.json.JsonObject;
import usersapi.standin.LocalContext;

class CurrentInvocationTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aCallOutsideAnInvocationHasItsOwnLimit() {
        assertThat(CurrentInvocation.timeLeft()).isEmpty();
        assertThat(CurrentInvocation.within(HOUR)).isEqualTo(HOUR);
    }

    @Test
    void aCallHasItsOwnLimitOrTheTimeLeftIfThatIsLess() {
        invoke(MINUTE, () -> {
            assertThat(CurrentInvocation.within(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(2));
            assertThat(CurrentInvocation.within(HOUR)).isPositive().isLessThan(MINUTE);
        });
    }

    @Test
    void aSecondIsKeptInReserve() {
        invoke(MINUTE,
                () -> assertThat(CurrentInvocation.timeLeft().orElseThrow()).isLessThan(Duration.ofSeconds(59)));
    }

    @Test
    void aCallHasAMillisecondIfNoTimeIsLeft() {
        invoke(Duration.ZERO, () -> assertThat(CurrentInvocation.within(HOUR)).isEqualTo(Duration.ofMillis(1)));
    }

    @Test
    void aPartHasItsOwnLimitAndTheRestHasTheWholeTimeAgain() {
        invoke(HOUR, () -> {
            assertThat(CurrentInvocation.part(MINUTE, () -> CurrentInvocation.within(HOUR))).isLessThan(MINUTE);
            assertThat(CurrentInvocation.within(HOUR)).isGreaterThan(MINUTE);
        });
    }

    @Test
    void aPartOutsideAnInvocationHasItsLimitAndLeavesNone() {
        assertThat(CurrentInvocation.part(MINUTE, () -> CurrentInvocation.within(HOUR))).isLessThan(MINUTE);
        assertThat(CurrentInvocation.timeLeft()).isEmpty();
    }

    @Test
    void anInvocationLeavesNoTimeLimitToTheNextOne() {
        invoke(MINUTE, () -> {});

        assertThat(CurrentInvocation.timeLeft()).isEmpty();
    }

    private static void invoke(Duration timeout, Runnable work) {
        CurrentInvocation.of(new LocalContext("Probe", timeout, 1_024, line -> {}), () -> {
            work.run();
            return FunctionResult.ok(new JsonObject(), new JsonObject());
        });
    }
}
