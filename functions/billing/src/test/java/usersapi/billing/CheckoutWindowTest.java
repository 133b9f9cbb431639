package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import usersapi.table.UsersTable;
import usersapi.wiring.CoreModule;

class CheckoutWindowTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private static final Instant START = Instant.parse("2026-03-01T12:00:59.999Z");

    private final String userId = BILLING.user();

    @Test
    void lastsAMinuteFromTheFirstRequestAndHasNoEdgeInIt() {
        assertThat(opened(START, "pro")).contains(START);
        assertThat(opened(START.plusMillis(2), "pro")).contains(START);
        assertThat(opened(START.plusMillis(59_999), "pro")).contains(START);

        assertThat(opened(START.plusMillis(60_000), "pro")).contains(START.plusMillis(60_000));
        assertThat(opened(START.plusMillis(60_001), "pro")).contains(START.plusMillis(60_000));
    }

    @Test
    void isOfOnePlan() {
        opened(START, "pro");

        assertThat(opened(START.plusSeconds(1), "team")).contains(START.plusSeconds(1));
        assertThat(opened(START.plusSeconds(2), "pro")).contains(START.plusSeconds(2));
    }

    @Test
    void leavesTheRestOfTheUserAlone() {
        var before = BILLING.profile(userId);

        opened(START, "pro");

        assertThat(BILLING.profile(userId)).containsAllEntriesOf(before);
    }

    @Test
    void whoFindsItOpenedMeanwhileTakesTheOther() {
        for (var earlier : List.of(Optional.<Instant>empty(), Optional.of(START.minusSeconds(61)))) {
            var user = BILLING.user();
            earlier.ifPresent(time -> window(Clock.fixed(time, ZoneOffset.UTC)).opened(user, "pro"));
            var slow = window(new SteppingClock(START.plusSeconds(1),
                    () -> assertThat(window(Clock.fixed(START, ZoneOffset.UTC)).opened(user, "pro")).contains(START)));

            assertThat(slow.opened(user, "pro")).contains(START);
        }
    }

    @Test
    void whoFindsItOpenedMeanwhileForAnotherPlanOpensItsOwn() {
        opened(START.minusSeconds(61), "pro");
        var slow = window(new SteppingClock(START, () -> opened(START, "team")));

        assertThat(slow.opened(userId, "pro")).contains(START);
        assertThat(BILLING.profile(userId).get("checkout_plan").s()).isEqualTo("pro");
    }

    @Test
    void aUserDeletedMeanwhileStaysDeleted() {
        var slow = window(new SteppingClock(START, () -> BILLING.delete(userId)));

        assertThat(slow.opened(userId, "pro")).isEmpty();
        assertThat(BILLING.tables().item("Users", "user#" + userId)).isEmpty();
    }

    @Test
    void anUnknownUserHasNone() {
        var items = BILLING.tables().items();

        assertThat(window(Clock.systemUTC()).opened("nobody", "pro")).isEmpty();
        assertThat(BILLING.tables().items()).isEqualTo(items);
    }

    /** Stands still, and takes a step the first time it is read: between the read and the write of the table. */
    private static final class SteppingClock extends Clock {
        private final Instant now;
        private final Queue<Runnable> steps;

        SteppingClock(Instant now, Runnable step) {
            this.now = now;
            steps = new ArrayDeque<>(List.of(step));
        }

        @Override
        public Instant instant() {
            var step = steps.poll();
            if (step != null) {
                step.run();
            }
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private Optional<Instant> opened(Instant now, String plan) {
        return window(Clock.fixed(now, ZoneOffset.UTC)).opened(userId, plan);
    }

    private static CheckoutWindow window(Clock clock) {
        return new CheckoutWindow(
                CoreModule.enhanced(CoreModule.dynamoDb(UrlConnectionHttpClient.create(), BILLING::variable)),
                new UsersTable(BILLING::variable), clock);
    }
}
