package usersapi.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
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
import usersapi.CoreFixture;
import usersapi.subscription.SubscriptionRepository.Recorded;
import usersapi.testing.LocalTable;

class SubscriptionRepositoryTest {

    @RegisterExtension
    static final LocalTable TABLE = new LocalTable();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Subscription PRO = new Subscription("sub_1", "cus_1", "pro", "active",
            Optional.of(Instant.parse("2026-04-01T00:00:00Z")), true, true);
    private static final Subscription ENDED = new Subscription("sub_1", "cus_1", Subscription.FREE, "canceled",
            Optional.empty(), false, false);

    private final SubscriptionRepository subscriptions = new SubscriptionRepository(CoreFixture.dynamoDb(),
            CoreFixture.table(), Clock.fixed(NOW, ZoneOffset.UTC));
    private final String userId = UUID.randomUUID().toString();

    SubscriptionRepositoryTest() {
        put(Map.of("email", AttributeValue.fromS("e"), "tz", AttributeValue.fromS("UTC")));
    }

    @Test
    void aUserHasNoneAtFirst() {
        assertThat(subscriptions.find(userId))
                .contains(new Subscriber(userId, "e", Optional.empty(), Set.of(), 0));
        assertThat(subscriptions.find("nobody")).isEmpty();
    }

    @Test
    void findsWhatWasRecorded() {
        assertThat(record("evt", find(), PRO)).isEqualTo(Recorded.WRITTEN);
        assertThat(find()).isEqualTo(new Subscriber(userId, "e", Optional.of(PRO), Set.of("sub_1", "sub_2"), 1));

        assertThat(record("evt_next", find(), ENDED)).isEqualTo(Recorded.WRITTEN);
        assertThat(find()).isEqualTo(new Subscriber(userId, "e", Optional.of(ENDED), Set.of("sub_1", "sub_2"), 2));
    }

    @Test
    void leavesTheRestOfTheUserAloneAndNotesTheTime() {
        record("evt", find(), PRO);

        assertThat(TABLE.item("USER#" + userId, "PROFILE").orElseThrow())
                .containsEntry("email", AttributeValue.fromS("e")).containsEntry("tz", AttributeValue.fromS("UTC"))
                .containsEntry("modified", AttributeValue.fromS("2026-03-01T12:00:00Z"));
    }

    @Test
    void anEventIsRecordedOnceAndKeptFor40Days() {
        record("evt", find(), PRO);
        var items = TABLE.items();

        assertThat(record("evt", find(), ENDED)).isEqualTo(Recorded.DUPLICATE);

        assertThat(TABLE.items()).isEqualTo(items);
        assertThat(TABLE.item("EVENT#" + userId + "evt", "EVENT").orElseThrow().get("expires").n())
                .isEqualTo(Long.toString(Instant.parse("2026-04-10T12:00:00Z").getEpochSecond()));
    }

    @Test
    void aDuplicateIsOneAlsoWhenTheUserHasChanged() {
        var before = find();
        record("evt", before, PRO);

        assertThat(record("evt", before, ENDED)).isEqualTo(Recorded.DUPLICATE);
    }

    @Test
    void whoHasReadTheUserEarlierWritesNothingNotEvenTheEvent() {
        var first = find();
        record("evt_1", first, PRO);
        var second = find();
        record("evt_2", second, PRO);
        var items = TABLE.items();

        assertThat(record("evt_3", first, ENDED)).isEqualTo(Recorded.OUTDATED);
        assertThat(record("evt_4", second, ENDED)).isEqualTo(Recorded.OUTDATED);

        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void aUserWhoIsGoneStaysGone() {
        var first = find();
        record("evt_1", first, PRO);
        var second = find();
        TABLE.client().deleteItem(delete -> delete.tableName(TABLE.name()).key(key()));
        var items = TABLE.items();

        assertThat(record("evt_2", first, PRO)).isEqualTo(Recorded.OUTDATED);
        assertThat(record("evt_3", second, PRO)).isEqualTo(Recorded.OUTDATED);

        assertThat(TABLE.items()).isEqualTo(items);
    }

    @Test
    void ofManyAtOnceOneIsWritten() throws Exception {
        var read = find();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var answers = threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<Recorded>>mapToObj(i -> () -> record("evt_" + i, read, PRO)).toList());
            assertThat(answers).extracting(answer -> answer.get()).containsOnlyOnce(Recorded.WRITTEN)
                    .containsOnly(Recorded.WRITTEN, Recorded.OUTDATED);
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

    private Recorded record(String event, Subscriber read, Subscription subscription) {
        return subscriptions.record(userId + event, read, subscription, Set.of("sub_1", "sub_2"));
    }

    private void put(Map<String, AttributeValue> attributes) {
        var item = new HashMap<>(attributes);
        item.putAll(key());
        TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(item));
    }

    private Map<String, AttributeValue> key() {
        return Map.of("pk", AttributeValue.fromS("USER#" + userId), "sk", AttributeValue.fromS("PROFILE"));
    }
}
