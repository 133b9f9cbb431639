package usersapi.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeededTest {

    private static final Generator<List<String>> CASES = Generator.combine(Generator.between(1, 1_000_000),
            Generator.text("abc", 0, 5), Generator.of("x", "y"), (number, text, end) -> number + text + end).list(1, 3);

    private static List<List<String>> cases(long seed) {
        var cases = new ArrayList<List<String>>();
        Seeded.forAll(20, CASES, cases::add, seed);
        return cases;
    }

    @Test
    void aSeedRepeatsItsCases() {
        assertThat(cases(7)).hasSize(20).isEqualTo(cases(7)).isNotEqualTo(cases(8));
    }

    @Test
    void aFailureSaysTheSeedTheCaseAndWhatFailed() {
        var seen = new ArrayList<Integer>();

        assertThatThrownBy(() -> Seeded.forAll(20, Generator.between(1, 100), number -> {
            seen.add(number);
            assertThat(seen).hasSizeLessThan(3);
        }, 7)).isInstanceOf(AssertionError.class).hasMessage("-Dseed=7 repeats this run: case 3 of 20")
                .hasRootCauseMessage("\nExpecting size of:\n  %s\nto be less than 3 but was 3".formatted(seen));
    }

    @Test
    void anExceptionIsAFailureToo() {
        assertThatThrownBy(() -> Seeded.forAll(20, Generator.just("a"), text -> Integer.parseInt(text)))
                .isInstanceOf(AssertionError.class).hasMessageContaining("repeats this run")
                .hasRootCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void generatedValuesAreWithinTheirBounds() {
        Seeded.forAll(200, Generator.text(Generator.character('a', 'c'), 2, 4),
                text -> assertThat(text).matches("[a-c]{2,4}"));
        Seeded.forAll(200, Generator.between(-1, 1).filter(number -> number != 0),
                number -> assertThat(number).isIn(-1, 1));
    }
}
