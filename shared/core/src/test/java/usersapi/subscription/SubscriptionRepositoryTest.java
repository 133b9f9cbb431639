package usersapi.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.LocalTables;

class SubscriptionRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final AttributeValue SETTINGS = AttributeValue
            .fromM(Map.of("tz", AttributeValue.fromS("UTC")));
    private static final Subscription PRO = new Subscription("sub_1", "cus_1", "pro", "active",
            Optional.of(Instant.parse("2026-04-01T00:00:00Z")), true,
            Optional.of(Instant.parse("2026-03-20T00:00:00Z")), Optional.of(Instant.parse("2026-03-10T00:00:00Z")),
            true);
    private static final Subscription ENDED = new Subscription("sub_1", "cus_1", Subscription.FREE, "canceled",
            Optional.empty(), false, Optional.empty(), Optional.empty(), false);

    private final SubscriptionRepository subscriptions = SubscriptionFixture.subscriptions(TABLES,
            Clock.fixed(NOW, ZoneOffset.UTC));
    private final String userId = UUID.randomUUID().toString();

    SubscriptionRepositoryTest() {
        put(Map.of("email", AttributeValue.fromS("e"), "settings", SETTINGS));
    }

    @Test
    void aUserHasNoneAtFirst() {
        assertThat(subscriptions.find(userId))
                .contains(
                        new Subscriber(userId, "e", Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), 0));
        assertThat(subscriptions.find("nobody")).isEmpty();
    }

    @Test
    void findsWhatWasRecorded() {
        assertThat(record(find(), PRO)).isTrue();
        assertThat(find())
                .isEqualTo(new Subscriber(userId, "e", Optional.empty(), Optional.of(PRO), Set.of("sub_1", "sub_2"),
                        Optional.empty(), 1));

        assertThat(record(find(), ENDED)).isTrue();
        assertThat(find())
                .isEqualTo(new Subscriber(userId, "e", Optional.empty(), Optional.of(ENDED), Set.of("sub_1", "sub_2"),
                        Optional.empty(), 2));
    }

    @Test
    void leavesTheRestOfTheUserAloneAndNotesTheTime() {
        record(find(), PRO);

        assertThat(TABLES.item("Users", "user#" + userId).orElseThrow())
                .containsEntry("email", AttributeValue.fromS("e")).containsEntry("settings", SETTINGS)
                .containsEntry("modified", AttributeValue.fromS("2026-03-01T12:00:00Z"));
    }

    @Test
    void aRecordingOfAnOlderUserWritesNothing() {
        var first = find();
        record(first, PRO);
        var second = find();
        record(second, PRO);
        var items = TABLES.items();

        assertThat(record(first, ENDED)).isFalse();
        assertThat(record(second, ENDED)).isFalse();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void aUserWhoIsGoneStaysGone() {
        var first = find();
        record(first, PRO);
        var second = find();
        TABLES.delete("Users", "user#" + userId);
        var items = TABLES.items();

        assertThat(record(first, PRO)).isFalse();
        assertThat(record(second, PRO)).isFalse();

        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void oneOfManyRecordingsAtOnceIsWritten() throws Exception {
        var read = find();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var answers = threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(i -> () -> record(read, PRO)).toList());
            assertThat(answers).extracting(answer -> answer.get()).containsOnlyOnce(true);
        }
    }

    @Test
    void neverShowsTheAddressByToString() {
        put(Map.of("email", AttributeValue.fromS("jane@example.com")));

        assertThat(find().toString()).doesNotContain("jane@example.com");
    }

    private Subscriber find() {
        return subscriptions.find(userId).orElseThrow();
    }

    private boolean record(Subscriber read, Subscription subscription) {
        return subscriptions.record(read, subscription, Set.of("sub_1", "sub_2"));
    }

    private void put(Map<String, AttributeValue> attributes) {
        TABLES.put("Users", attributes, "user#" + userId);
    }
}
