package usersapi.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.LocalTable;

class ConfigTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    @Test
    void readsWhatTheTemplateSets() {
        with("FRONTEND_ORIGINS", "https://a.example,https://b.example", () -> {
            var config = Config.fromEnvironment();
            assertThat(config.tableName()).isEqualTo(TABLE.name());
            assertThat(config.frontendOrigins()).containsExactly("https://a.example", "https://b.example");
            assertThat(config.sessionLifetime()).isEqualTo(Duration.ofDays(14));
            assertThat(config.sessionCookie()).isEqualTo("sessionid");
            assertThat(config.csrfCookie()).isEqualTo("csrftoken");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TABLE_NAME", "FRONTEND_ORIGINS", "SESSION_DAYS", "SESSION_COOKIE", "CSRF_COOKIE",
            "TOKEN_KEY_SECRET"})
    void namesAMissingVariable(String name) {
        with(name, " ", () -> assertThatIllegalStateException().isThrownBy(Config::fromEnvironment)
                .withMessage("environment variable " + name + " is required"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "two", "999999"})
    void refusesDaysThatAreNone(String days) {
        with("SESSION_DAYS", days, () -> assertThatIllegalStateException().isThrownBy(Config::fromEnvironment)
                .withMessage("environment variable SESSION_DAYS must be a positive whole number"));
    }

    private static void with(String name, String value, Runnable test) {
        var before = System.setProperty(name, value);
        try {
            test.run();
        } finally {
            System.setProperty(name, before);
        }
    }
}
