package usersapi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    @Test
    void givesTheValueOfAVariable() {
        Environment environment = Map.of("USERS_TABLE", "users")::get;

        assertThat(environment.required("USERS_TABLE")).isEqualTo("users");
        assertThat(environment.find("USERS_TABLE")).contains("users");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void saysWhichVariableOfWhichFunctionIsMissing(String value) {
        Environment environment = name -> name.equals("AWS_LAMBDA_FUNCTION_NAME") ? "stack-OpenSession-1" : value;

        assertThat(environment.find("SESSION_DAYS")).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> environment.required("SESSION_DAYS"))
                .withMessage("stack-OpenSession-1: environment variable SESSION_DAYS is required");
    }

    @Test
    void saysWhatIsWrongWithAVariableButNotItsValue() {
        Environment environment = Map.of("SESSION_DAYS", "fourteen")::get;

        assertThat(environment.invalid("SESSION_DAYS", "must be a number"))
                .hasMessage("function: environment variable SESSION_DAYS must be a number");
    }
}
