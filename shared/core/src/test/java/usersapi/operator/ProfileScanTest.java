package usersapi.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.CoreFixture;
import usersapi.table.Condition;
import usersapi.testing.LocalTables;

class ProfileScanTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final List<String> USERS = IntStream.range(0, 7).mapToObj(i -> "u" + i).toList();
    private static final Condition PAYS = new Condition("attribute_exists(stripe_customer_id)", Map.of());
    private static final Condition IS_NOBODY = new Condition("attribute_exists(nothing)", Map.of());

    private final ProfileScan scan = new ProfileScan(CoreFixture.client(TABLES), CoreFixture.users(TABLES));
    private final List<String> seen = new ArrayList<>();

    /** More than two pages, each of which has at most 1 MB; and claims, which are no users. */
    @BeforeAll
    static void sevenUsers() {
        for (var user : USERS) {
            var attributes = new HashMap<>(Map.of("settings", AttributeValue.fromS("x".repeat(350_000))));
            if (user.equals("u2") || user.equals("u5")) {
                attributes.put("stripe_customer_id", AttributeValue.fromS("cus_1"));
            }
            TABLES.put("Users", attributes, "user#" + user);
            TABLES.put("Users", Map.of(), "email#" + user);
        }
    }

    @Test
    void callsForEachUserOnce() {
        assertThat(scan.forEach(Optional.empty(), Optional.empty(), Optional.empty(), () -> true, seen::add)).isEmpty();

        assertThat(seen).containsExactlyInAnyOrderElementsOf(USERS);
    }

    @Test
    void callsForOneUserWhereNoTimeIsLeftAndGoesOnWithTheNextOne() {
        assertThat(runs(Optional.empty(), () -> false)).as("the last user is known to be the last").isEqualTo(7);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(USERS);
    }

    @Test
    void readsOnePageWhereNoTimeIsLeftAndNobodyIsFound() {
        assertThat(runs(Optional.of(IS_NOBODY), () -> false)).isBetween(3, 4);

        assertThat(seen).isEmpty();
    }

    @Test
    void readsToTheEndWhereTimeIsLeftAndNobodyIsFound() {
        assertThat(runs(Optional.of(IS_NOBODY), () -> true)).isEqualTo(1);
    }

    @Test
    void callsOnlyForUsersWhoFulfilTheCondition() {
        assertThat(scan.forEach(Optional.empty(), Optional.of(PAYS), Optional.empty(), () -> true, seen::add))
                .isEmpty();

        assertThat(seen).containsExactlyInAnyOrder("u2", "u5");
    }

    @Test
    void eachUserIsInOneSegment() {
        for (int number = 1; number <= 3; number++) {
            var segment = Optional.of(new Segment(number, 3));
            assertThat(scan.forEach(segment, Optional.empty(), Optional.empty(), () -> true, seen::add)).isEmpty();
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(USERS);
    }

    /** Goes through all users in as many runs as that takes. */
    private int runs(Optional<Condition> condition, BooleanSupplier timeIsLeft) {
        int runs = 0;
        var next = Optional.<String>empty();
        do {
            next = scan.forEach(Optional.empty(), condition, next, timeIsLeft, seen::add);
            runs++;
        } while (next.isPresent());
        return runs;
    }
}
