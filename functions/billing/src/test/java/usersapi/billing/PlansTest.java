package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlansTest {

    @Test
    void aPlanIsSoldAtItsFirstPriceAndRecognisedByAll() {
        var plans = new Plans(name -> "pro=price_1|price_2, team=price_3");

        assertThat(plans.soldAt("pro")).contains("price_1");
        assertThat(plans.soldAt("team")).contains("price_3");
        assertThat(plans.soldAt("gold")).isEmpty();
        assertThat(plans.of("price_2")).contains("pro");
        assertThat(plans.of("price_4")).isEmpty();
    }

    @Test
    void goFromTheLowestToTheHighest() {
        var plans = new Plans(name -> "basic=price_1,pro=price_2,team=price_3");

        assertThat(plans.rank("basic")).isLessThan(plans.rank("pro"));
        assertThat(plans.rank("gold")).isNegative();
        assertThat(plans.highestOf(List.of("price_3", "price_x", "price_2"))).contains("team");
        assertThat(plans.highestOf(List.of("price_x"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pro", "pro=", "=price_1", "pro=price_1,", "pro=price_1=2", "pro=price_1,pro=price_2",
            "pro=price_1,team=price_1", "free=price_1", "pro=price_1|price_1",
            "pro=price_1|", "pro=|price_1", "pro=price_1|price_2,team=price_2"})
    void refusesPlansThatAreNone(String plans) {
        assertThatIllegalStateException().isThrownBy(() -> new Plans(name -> plans))
                .withMessageContaining("environment variable STRIPE_PLANS must hold plan=price pairs");
    }
}
