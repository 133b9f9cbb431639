package usersapi.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailedUsersTest {

    private final FailedUsers failed = new FailedUsers();

    @Test
    void namesEachUserOnceAndInOrder() {
        failed.add("jane");
        failed.add("ann");
        failed.add("jane");

        assertThat(failed.ids()).containsExactly("jane", "ann");
    }

    @Test
    void namesTheFirstFifty() {
        IntStream.range(0, 60).forEach(i -> failed.add("u" + i));

        assertThat(failed.ids()).hasSize(50).startsWith("u0").endsWith("u49");
    }
}
