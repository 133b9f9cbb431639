package usersapi.standin.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionsTest {

    private static final String PATH = "/v1/subscriptions";

    @RegisterExtension
    final StripeCalls calls = new StripeCalls();

    @Test
    void areListedByCustomerAndStatus() {
        var customer = calls.customer();
        subscribe(calls.customer());
        for (var status : List.of("active", "trialing", "past_due", "unpaid", "paused", "incomplete",
                "incomplete_expired", "canceled")) {
            calls.account().status(subscribe(customer), status);
        }

        assertThat(statuses(Map.of("customer", customer))).containsExactlyInAnyOrder("active", "trialing", "past_due",
                "unpaid", "paused", "incomplete", "incomplete_expired");
        assertThat(statuses(Map.of("customer", customer, "status", "all"))).hasSize(8);
        assertThat(statuses(Map.of("customer", customer, "status", "ended"))).containsExactlyInAnyOrder("canceled",
                "incomplete_expired");
        assertThat(statuses(Map.of("customer", customer, "status", "unpaid"))).containsExactly("unpaid");
        assertThat(calls.get(PATH, Map.of("status", "living")).error().path("param").asText()).isEqualTo("status");
        assertThatThrownBy(() -> calls.account().status(subscribe(customer), "sleeping"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void areListedAPageAtATimeTheNewestFirst() {
        var customer = calls.customer();
        for (int i = 0; i < 11; i++) {
            subscribe(customer);
        }
        var newest = subscribe(customer);

        var first = calls.get(PATH, Map.of("customer", customer)).body();
        var rest = calls.get(PATH,
                Map.of("customer", customer, "starting_after", first.path("data").path(9).path("id").asText())).body();

        assertThat(first.path("data").path(0).path("id").asText()).isEqualTo(newest);
        assertThat(first.path("data")).hasSize(10);
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(rest.path("data")).hasSize(2);
    }

    @Test
    void haveSeveralItemsOfWhichEachHasItsPeriod() {
        var customer = calls.customer();
        var id = StripeCalls.object(calls.account().subscribe(customer, List.of("price_pro", "price_addon"), Map.of()))
                .path("id").asText();
        calls.clock().forward(3600);
        calls.account().addItem(id, "price_seats");

        var items = calls.get(PATH + "/" + id).body().path("items").path("data");

        assertThat(items).extracting(item -> item.path("price").path("id").asText()).containsExactly("price_pro",
                "price_addon", "price_seats");
        assertThat(items.path(2).path("current_period_end").asLong())
                .isGreaterThan(items.path(0).path("current_period_end").asLong());
        assertThat(calls.get(PATH, Map.of("price", "price_addon")).body().path("data")).hasSize(1);
    }

    @Test
    void endAtOnceByADelete() {
        var id = subscribe(calls.customer());

        assertThat(calls.delete(PATH + "/" + id).text("status")).isEqualTo("canceled");

        assertThat(calls.get(PATH + "/" + id).body().path("ended_at").isNumber()).isTrue();
        assertThat(calls.delete(PATH + "/" + id).status()).isEqualTo(404);
    }

    /** Its last invoice can still be paid, which does not bring it back. */
    @ParameterizedTest
    @ValueSource(strings = {"canceled", "incomplete_expired"})
    void stayEnded(String status) {
        var account = calls.account();
        var id = subscribe(calls.customer());
        account.status(id, status);

        assertThat(account.pay(id)).extracting(StripeAccount.Event::type).containsExactly("invoice.paid");

        assertThat(calls.get(PATH + "/" + id).text("status")).isEqualTo(status);
        var refused = List.<ThrowingCallable>of(() -> account.status(id, "active"), () -> account.cancel(id),
                () -> account.failPayment(id), () -> account.renew(id), () -> account.change(id, "price_team"),
                () -> account.addItem(id, "price_team"), () -> account.cancelAtPeriodEnd(id),
                () -> account.cancelAt(id, Instant.EPOCH), () -> account.startTrial(id, Instant.MAX),
                () -> account.pauseCollection(id), () -> account.schedule(id));
        assertThat(refused).allSatisfy(action -> assertThatThrownBy(action)
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ended"));
    }

    @Test
    void showWhatHappensToThem() {
        var id = subscribe(calls.customer());
        var end = Instant.ofEpochSecond(1_800_000_000);

        calls.account().pauseCollection(id);
        calls.account().schedule(id);
        calls.account().cancelAt(id, end);

        var subscription = calls.get(PATH + "/" + id).body();
        assertThat(subscription.path("status").asText()).isEqualTo("active");
        assertThat(subscription.path("pause_collection").path("behavior").asText()).isEqualTo("void");
        assertThat(subscription.path("schedule").asText()).startsWith("sub_sched_");
        assertThat(subscription.path("cancel_at").asLong()).isEqualTo(end.getEpochSecond());
        assertThat(subscription.path("cancel_at_period_end").asBoolean()).isFalse();
        assertThat(subscription.path("billing_mode").path("type").asText()).isEqualTo("flexible");
        calls.account().billClassically(id);
        calls.account().cancelAtPeriodEnd(id);
        var classic = calls.get(PATH + "/" + id).body();
        assertThat(classic.path("billing_mode").path("type").asText()).isEqualTo("classic");
        assertThat(classic.path("cancel_at").asLong()).isEqualTo(calls.account().periodEnd(id).getEpochSecond());
    }

    @Test
    void failArePaidAndRenew() {
        var id = subscribe(calls.customer());
        var end = calls.account().periodEnd(id);

        assertThat(calls.account().failPayment(id)).extracting(StripeAccount.Event::type)
                .containsExactly("invoice.payment_failed", "customer.subscription.updated");
        assertThat(calls.get(PATH + "/" + id).text("status")).isEqualTo("past_due");
        calls.account().pay(id);
        assertThat(calls.get(PATH + "/" + id).text("status")).isEqualTo("active");
        calls.account().renew(id);
        assertThat(calls.account().periodEnd(id)).isAfter(end);
        calls.account().startTrial(id, end);
        assertThat(calls.get(PATH + "/" + id).text("status")).isEqualTo("trialing");
    }

    @Test
    void haveTheFormOfTheVersionThatIsAskedFor() {
        var id = subscribe(calls.customer());

        var now = calls.get(PATH + "/" + id).body();
        var before = calls.get(PATH + "/" + id, "2024-06-20").body();

        assertThat(now.has("current_period_end")).isFalse();
        assertThat(now.path("items").path("data").path(0).has("current_period_end")).isTrue();
        assertThat(before.has("current_period_end")).isTrue();
        assertThat(before.path("items").path("data").path(0).has("current_period_end")).isFalse();
        assertThat(calls.get(PATH, "2024-06-20").body().path("data").path(0).has("current_period_end")).isTrue();
    }

    @Test
    void areNotFoundOnceTheyAreForgotten() {
        var id = subscribe(calls.customer());
        calls.account().forget(id);

        var missing = calls.get(PATH + "/" + id);

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.error().path("code").asText()).isEqualTo("resource_missing");
    }

    private String subscribe(String customer) {
        return StripeCalls.object(calls.account().subscribe(customer, List.of("price_pro"), Map.of())).path("id")
                .asText();
    }

    private Set<String> statuses(Map<String, String> by) {
        return calls.get(PATH, by).body().path("data").valueStream().map(one -> one.path("status").asText())
                .collect(Collectors.toSet());
    }
}
