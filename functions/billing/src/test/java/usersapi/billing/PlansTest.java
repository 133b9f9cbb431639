package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlansTest {

    @Test
    void areReadWithTheirPrices() {
        var plans = new Plans(name -> "pro=price_pro,team=price_team");

        assertThat(plans.prices()).containsExactlyEntriesOf(
                new java.util.TreeMap<>(Map.of("pro", "price_pro", "team", "price_team")));
        assertThat(plans.planOf("price_team")).contains("team");
        assertThat(plans.planOf("price_other")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pro", "pro=", "=price_1", "pro=price_1,", "pro=price_1=2", "pro=price_1,pro=price_2",
            "pro=price_1,team=price_1", "free=price_1"})
    void refusesPlansThatAreNone(String plans) {
        assertThatIllegalStateException().isThrownBy(() -> new Plans(name -> plans))
                .withMessageContaining("environment variable STRIPE_PLANS must hold plan=price pairs");
    }
}
