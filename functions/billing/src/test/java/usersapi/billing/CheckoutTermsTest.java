package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckoutTermsTest {

    private static final Map<String, String> NOTHING = Map.of("STRIPE_PROMOTION_CODES", "false",
            "STRIPE_AUTOMATIC_TAX", "false", "STRIPE_TRIAL_DAYS", "0");

    @Test
    void offerNothingUnlessTheEnvironmentSaysSo() {
        assertThat(new CheckoutTerms(NOTHING::get)).isEqualTo(new CheckoutTerms(false, false, Optional.empty()));
    }

    @Test
    void offerWhatTheEnvironmentSays() {
        assertThat(new CheckoutTerms(Map.of("STRIPE_PROMOTION_CODES", "true", "STRIPE_AUTOMATIC_TAX", "true",
                "STRIPE_TRIAL_DAYS", "14")::get)).isEqualTo(new CheckoutTerms(true, true, Optional.of(14L)));
    }

    @ParameterizedTest
    @CsvSource({"STRIPE_PROMOTION_CODES,yes", "STRIPE_AUTOMATIC_TAX,1", "STRIPE_TRIAL_DAYS,-1",
            "STRIPE_TRIAL_DAYS,731", "STRIPE_TRIAL_DAYS,two"})
    void refuseWhatIsNoneOfThat(String name, String value) {
        assertThatIllegalStateException()
                .isThrownBy(() -> new CheckoutTerms(
                        variable -> variable.equals(name) ? value : NOTHING.get(variable)))
                .withMessageContaining("environment variable " + name + " must be ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "https://a.example/done|https://a.example/done?session_id={CHECKOUT_SESSION_ID}",
            "https://a.example/?a=b|https://a.example/?a=b&session_id={CHECKOUT_SESSION_ID}",
            "https://a.example/{CHECKOUT_SESSION_ID}|https://a.example/{CHECKOUT_SESSION_ID}"})
    void theSuccessPageLearnsTheSession(String configured, String given) {
        assertThat(new CheckoutPages(name -> configured).successUrl()).isEqualTo(given);
    }
}
