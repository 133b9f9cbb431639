package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.LocalTable;

class BillingConfigTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    @Test
    void readsWhatTheTemplateSets() {
        var config = BillingConfig.fromEnvironment();

        assertThat(config.apiBase()).isEqualTo("https://api.stripe.com");
        assertThat(config.secret()).startsWith("StripeSecret-");
        assertThat(config.plans()).containsExactlyEntriesOf(new java.util.TreeMap<>(
                java.util.Map.of("pro", "price_pro", "team", "price_team")));
        assertThat(config.planOf("price_team")).contains("team");
        assertThat(config.planOf("price_other")).isEmpty();
        assertThat(config.successUrl()).isEqualTo("https://app.example.com/billing/success");
        assertThat(config.cancelUrl()).isEqualTo("https://app.example.com/billing/cancel");
        assertThat(config.returnUrl()).isEqualTo("https://app.example.com/billing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STRIPE_API_BASE", "STRIPE_SECRET", "STRIPE_PLANS", "CHECKOUT_SUCCESS_URL",
            "CHECKOUT_CANCEL_URL", "PORTAL_RETURN_URL"})
    void namesAMissingVariable(String name) {
        with(name, " ", () -> assertThatIllegalStateException().isThrownBy(BillingConfig::fromEnvironment)
                .withMessage("environment variable " + name + " is required"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pro", "pro=", "=price_1", "pro=price_1,", "pro=price_1=2", "pro=price_1,pro=price_2",
            "pro=price_1,team=price_1", "free=price_1"})
    void refusesPlansThatAreNone(String plans) {
        with("STRIPE_PLANS", plans, () -> assertThatIllegalStateException().isThrownBy(BillingConfig::fromEnvironment)
                .withMessageStartingWith("environment variable STRIPE_PLANS must hold plan=price pairs"));
    }

    @ParameterizedTest
    @CsvSource({"STRIPE_API_BASE,api.stripe.com", "CHECKOUT_SUCCESS_URL,/billing",
            "CHECKOUT_CANCEL_URL,ftp://app.example.com", "PORTAL_RETURN_URL,https://", "PORTAL_RETURN_URL,a b"})
    void refusesUrlsThatAreNone(String name, String value) {
        with(name, value, () -> assertThatIllegalStateException().isThrownBy(BillingConfig::fromEnvironment)
                .withMessage("environment variable " + name + " must be a URL"));
    }

    @Test
    void takesStripesPlaceholderInAUrl() {
        var url = "https://app.example.com/done?session_id={CHECKOUT_SESSION_ID}";

        with("CHECKOUT_SUCCESS_URL", url,
                () -> assertThat(BillingConfig.fromEnvironment().successUrl()).isEqualTo(url));
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
