package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredUrlTest {

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com/billing", "http://127.0.0.1:3000",
            "https://app.example.com/done?session_id={CHECKOUT_SESSION_ID}"})
    void takesUrlsAlsoWithStripesPlaceholder(String url) {
        assertThat(ConfiguredUrl.of(name -> url, "CHECKOUT_SUCCESS_URL")).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.stripe.com", "/billing", "ftp://app.example.com", "https://", "a b"})
    void refusesUrlsThatAreNone(String value) {
        assertThatIllegalStateException()
                .isThrownBy(() -> ConfiguredUrl.of(Map.of("PORTAL_RETURN_URL", value)::get, "PORTAL_RETURN_URL"))
                .withMessage("function: environment variable PORTAL_RETURN_URL must be a URL");
    }
}
