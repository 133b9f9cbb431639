package usersapi.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdleLimitTest {

    @Test
    void isAsManyDaysAsTheEnvironmentSaysAndNoneFor0() {
        assertThat(new SessionIdleLimit(name -> "3").duration()).contains(Duration.ofDays(3));
        assertThat(new SessionIdleLimit(name -> "0").duration()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "two", "999999", "00"})
    void refusesInvalidDays(String days) {
        assertThatIllegalStateException().isThrownBy(() -> new SessionIdleLimit(name -> days))
                .withMessageEndingWith("environment variable SESSION_IDLE_DAYS must be a whole number");
    }
}
