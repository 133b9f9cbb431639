package usersapi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrontendOriginsTest {

    @Test
    void areSeparatedByCommas() {
        assertThat(new FrontendOrigins(name -> "https://a.example,https://b.example").all())
                .containsExactly("https://a.example", "https://b.example");
    }
}
