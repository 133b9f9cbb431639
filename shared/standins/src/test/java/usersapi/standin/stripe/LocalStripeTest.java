package usersapi.standin.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import usersapi.standin.MovingClock;

class LocalStripeTest {

    private static final Map<String, String> JANE = Map.of("email", "jane@example.com");

    @RegisterExtension
    final StripeCalls calls = new StripeCalls();

    @Test
    void answersWithARequestIdAndTheVersionThatWasAskedFor() {
        var created = calls.post("/v1/customers", JANE);

        assertThat(created.status()).isEqualTo(200);
        assertThat(created.http().headers().firstValue("Request-Id").orElseThrow()).startsWith("req_");
        assertThat(created.http().headers().firstValue("Stripe-Version")).contains(StripeCalls.VERSION);
        assertThat(calls.stripe().requests().getLast().parameters()).isEqualTo(JANE);
    }

    @Test
    void refusesAWrongKeyAVersionThatIsNoneAndABodyOfJson() {
        var wrongKey = calls.post("/v1/customers", JANE, "Authorization", "Bearer sk_test_2");
        assertThat(wrongKey.status()).isEqualTo(401);
        assertThat(wrongKey.error().path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(calls.post("/v1/customers", JANE, "Stripe-Version", "1").status()).isEqualTo(400);
        assertThat(calls.post("/v1/customers", JANE, "Content-Type", "application/json").status()).isEqualTo(400);
        calls.stripe().roll("sk_test_2");
        assertThat(calls.post("/v1/customers", JANE).status()).isEqualTo(401);
    }

    @Test
    void knowsNoOtherRoute() {
        assertThat(calls.get("/v1/charges").status()).isEqualTo(404);
        assertThat(calls.post("/v1/subscriptions/sub_1", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void theSameIdempotencyKeyGivesTheSameAnswerForADay() {
        var first = calls.post("/v1/customers", JANE, "Idempotency-Key", "k");
        calls.clock().forward(24 * 3600 - 1);
        var again = calls.post("/v1/customers", JANE, "Idempotency-Key", "k");
        calls.clock().forward(1);
        var nextDay = calls.post("/v1/customers", JANE, "Idempotency-Key", "k");

        assertThat(first.http().headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.http().headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(nextDay.text("id")).isNotEqualTo(first.text("id"));
    }

    @Test
    void anIdempotencyKeyIsForOneRequestOnly() {
        calls.post("/v1/customers", JANE, "Idempotency-Key", "k");

        var otherParameters = calls.post("/v1/customers", Map.of("email", "j@example.com"), "Idempotency-Key", "k");
        var otherPath = calls.post("/v1/customers/cus_1", JANE, "Idempotency-Key", "k");

        assertThat(otherParameters.status()).isEqualTo(400);
        assertThat(otherParameters.error().path("type").asText()).isEqualTo("idempotency_error");
        assertThat(otherPath.error().path("type").asText()).isEqualTo("idempotency_error");
        assertThat(calls.post("/v1/customers", JANE, "Idempotency-Key", "x".repeat(256)).status()).isEqualTo(400);
    }

    @Test
    void anErrorOfTheEndpointIsSavedUnderItsIdempotencyKey() {
        calls.account().refuseAddress("jane@example.com");
        var refused = calls.post("/v1/customers", JANE, "Idempotency-Key", "k");
        calls.stripe().fail(Fault.ERROR);
        var failed = calls.post("/v1/customers", Map.of(), "Idempotency-Key", "l");

        var refusedAgain = calls.post("/v1/customers", JANE, "Idempotency-Key", "k");
        var failedAgain = calls.post("/v1/customers", Map.of(), "Idempotency-Key", "l");

        assertThat(refused.error().path("code").asText()).isEqualTo("email_invalid");
        assertThat(refusedAgain.body()).isEqualTo(refused.body());
        assertThat(refusedAgain.http().headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failedAgain.status()).isEqualTo(500);
        assertThat(calls.account().customers()).isEmpty();
    }

    @Test
    void aFailureBeforeTheEndpointIsNotSaved() {
        assertThat(calls.post("/v1/customers", Map.of("emial", "x"), "Idempotency-Key", "k").status()).isEqualTo(400);
        calls.stripe().fail(Fault.RATE_LIMITED);
        assertThat(calls.post("/v1/customers", JANE, "Idempotency-Key", "k").status()).isEqualTo(429);
        assertThat(calls.post("/v1/customers", JANE, "Idempotency-Key", "k", "Authorization", "Bearer x").status())
                .isEqualTo(401);

        assertThat(calls.post("/v1/customers", JANE, "Idempotency-Key", "k").status()).isEqualTo(200);
    }

    @Test
    void anIdempotencyKeyInUseIsAConflictThatIsNotSaved() {
        var conflict = new StripeCalls.Reply[1];
        calls.stripe().beforeNextAnswer(
                () -> conflict[0] = calls.post("/v1/customers", JANE, "Idempotency-Key", "k"));

        var first = calls.post("/v1/customers", JANE, "Idempotency-Key", "k");

        assertThat(conflict[0].status()).isEqualTo(409);
        assertThat(conflict[0].error().path("code").asText()).isEqualTo("idempotency_key_in_use");
        assertThat(calls.post("/v1/customers", JANE, "Idempotency-Key", "k").body()).isEqualTo(first.body());
    }

    @Test
    void anAnswerThatIsLostWasSaved() {
        calls.stripe().fail(Fault.LOST);
        assertThatThrownBy(() -> calls.post("/v1/customers", JANE, "Idempotency-Key", "k"))
                .isInstanceOf(AssertionError.class);

        var again = calls.post("/v1/customers", JANE, "Idempotency-Key", "k");

        assertThat(again.http().headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(calls.account().customers()).extracting(customer -> customer.path("id").asText())
                .containsExactly(again.text("id"));
    }

    @Test
    void aSecondHasNoMoreRequestsThanTheLimit() {
        calls.stripe().limitRate(2);
        calls.get("/v1/customers");
        calls.get("/v1/customers");

        var third = calls.get("/v1/customers");

        assertThat(third.status()).isEqualTo(429);
        assertThat(third.error().path("code").asText()).isEqualTo("rate_limit");
        calls.clock().forward(1);
        assertThat(calls.get("/v1/customers").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "REFUSED", "DECLINED", "ERROR"})
    void aFaultHasTheFormOfStripesErrors(Fault fault) {
        calls.stripe().fail(fault, fault);
        calls.stripe().heal();
        calls.stripe().fail(fault);

        var failed = calls.get("/v1/customers");

        assertThat(failed.status()).isEqualTo(fault.status());
        assertThat(failed.error().path("type").asText()).isNotEmpty();
        assertThat(calls.get("/v1/customers").status()).isEqualTo(200);
    }

    @Test
    void theKeySaysTheMode() {
        try (var live = LocalStripe.of("rk_live_1", Set.of("price_pro")).clock(new MovingClock()).start()) {
            assertThat(StripeCalls.object(live.account().subscribe("price_pro", Map.of())).path("livemode").asBoolean())
                    .isTrue();
        }
        assertThat(calls.post("/v1/customers", JANE).body().path("livemode").asBoolean(true)).isFalse();
    }

    @Test
    void aFileKeepsTheAccountForItsOwnerOnly(@TempDir Path directory) throws Exception {
        var file = directory.resolve("kept/stripe.json");
        String subscription;
        try (var stripe = LocalStripe.of("sk_test_1", Set.of("price_pro")).file(file).start()) {
            subscription = StripeCalls.object(stripe.account().subscribe("price_pro", Map.of())).path("id").asText();
            stripe.account().archive("price_pro");
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        try (var again = LocalStripe.of("sk_test_2", Set.of("price_pro")).file(file).start()) {
            assertThat(again.account().periodEnd(subscription)).isNotNull();
            assertThat(again.account().customers()).hasSize(1);
        }
        assertThat(file.getParent()).isDirectoryContaining(kept -> kept.equals(file));
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }
}
