package usersapi.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionLifetimeTest {

    @Test
    void isAsManyDaysAsTheEnvironmentSays() {
        assertThat(new SessionLifetime(name -> "14").duration()).isEqualTo(Duration.ofDays(14));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "two", "999999"})
    void refusesInvalidDays(String days) {
        assertThatIllegalStateException().isThrownBy(() -> new SessionLifetime(name -> days))
                .withMessageEndingWith("environment variable SESSION_DAYS must be a positive whole number");
    }
}
