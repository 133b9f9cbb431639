package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.billing.StripeApi.Limits;
import usersapi.json.JsonObject;
import usersapi.lambda.CurrentInvocation;
import usersapi.secret.MalformedSecretException;
import usersapi.standin.stripe.Fault;
import usersapi.standin.stripe.LocalStripe;

@Timeout(60)
class StripeApiTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private static final Duration LONG = Duration.ofSeconds(50);

    private final LocalStripe stripe = LocalStripe.start(BillingFixture.KEY, Set.of());

    @AfterEach
    void close() {
        stripe.close();
    }

    @Test
    void aPeerThatSaysNothingIsGivenUpAndTriedAgain() {
        stripe.fail(Fault.SILENT, Fault.SILENT, Fault.SILENT);

        var failure = failure(new Limits(LONG, Duration.ofMillis(50), 2, LONG));

        assertThat(failure.reason()).isEqualTo("ApiConnectionException");
        assertThat(failure.requestId()).isNull();
        assertThat(stripe.requests()).hasSize(3);
    }

    @Test
    void allAttemptsTogetherHaveADeadline() {
        stripe.fail(Fault.SILENT);

        var failure = failure(new Limits(LONG, LONG, 0, Duration.ofMillis(300)));

        assertThat(failure).isEqualTo(new StripeFailure("no answer in time", null, null, null));
    }

    @Test
    void theDeadlineEndsAlsoWhatIsBetweenTwoAttempts() {
        stripe.fail(Fault.ERROR, Fault.ERROR, Fault.ERROR, Fault.ERROR, Fault.ERROR);

        var failure = failure(new Limits(LONG, LONG, 4, Duration.ofMillis(300)));

        assertThat(failure).isEqualTo(new StripeFailure("no answer in time", null, null, null));
    }

    @Test
    void whereTheInvocationHasLessTimeItsDeadlineHolds() {
        stripe.fail(Fault.SILENT);

        var failure = CurrentInvocation.part(Duration.ofMillis(300),
                () -> failure(new Limits(LONG, LONG, 0, LONG)));

        assertThat(failure).isEqualTo(new StripeFailure("no answer in time", null, null, null));
    }

    @Test
    void stripesTimeFitsIntoEachTimeOut() {
        assertThat(BILLING.tables().template().functions())
                .filteredOn(function -> function.codeUri().contains("billing")).isNotEmpty()
                .allSatisfy(function -> assertThat(Limits.STANDARD.total()).isLessThan(function.timeout()));
    }

    @Test
    void anAttemptAndAnotherFitIntoStripesTime() {
        assertThat(Limits.STANDARD.connect().plus(Limits.STANDARD.read())).isLessThan(Limits.STANDARD.total());
    }

    @Test
    void onlyTheBillingFunctionsKnowStripe() {
        assertThat(BILLING.tables().template().functions()).allSatisfy(function -> assertThat(
                function.environment().keySet().stream()
                        .anyMatch(name -> name.startsWith("STRIPE") || name.startsWith("CHECKOUT")))
                .isEqualTo(function.codeUri().contains("billing")));
    }

    @Test
    void theSecretNeverShowsByToString() {
        var secret = StripeSecret.parse("{\"api_key\":\"rk_s3cret\",\"webhook_secrets\":\"whsec_s3cret\"}");

        assertThat(secret.apiKey()).isEqualTo("rk_s3cret");
        assertThat(secret + " " + BILLING.cachedSecret(Clock.systemUTC())).doesNotContain("s3cret");
    }

    @Test
    void readsTheSecretsOfAnEndpointWhateverTheBlanks() {
        assertThat(StripeSecret.parse("{\"api_key\":\" k \",\"webhook_secrets\":\" a ,,b, \"}"))
                .isEqualTo(new StripeSecret("k", List.of("a", "b")));
        assertThat(StripeSecret.parse("{\"api_key\":\"\",\"webhook_secrets\":\"\",\"placeholder\":\"x\"}"))
                .isEqualTo(new StripeSecret("", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense s3cret", "[\"s3cret\"]", "{}", "{\"api_key\":\"s3cret\"}",
            "{\"webhook_secrets\":\"s3cret\"}",
            "{\"api_key\":\"s3cret\",\"webhook_secrets\":[\"s3cret\"]}",
            "{\"api_key\":5,\"webhook_secrets\":\"s3cret\"}"})
    void refusesWhatIsNotItsSecretWithoutQuotingIt(String text) {
        assertThatExceptionOfType(MalformedSecretException.class).isThrownBy(() -> StripeSecret.parse(text))
                .withMessageNotContaining("s3cret");
    }

    @Test
    void anAnswerWithoutARequiredMemberNamesThePlaceThatReadsIt() {
        var reply = api(Limits.STANDARD).ask(_ -> new JsonObject().string("url").orElseThrow());

        assertThat(((StripeApi.Reply.Failed<?>) reply).failure().reason())
                .startsWith("unintelligible answer: NoSuchElementException at usersapi.billing.StripeApiTest.");
    }

    private StripeApi api(Limits limits) {
        return new StripeApi(stripe.endpoint().toString(), BILLING.cachedSecret(Clock.systemUTC()), limits);
    }

    private StripeFailure failure(Limits limits) {
        var reply = api(limits).ask(client -> client.get("/v1/subscriptions/sub_1", Map.of()));
        return ((StripeApi.Reply.Failed<?>) reply).failure();
    }
}
