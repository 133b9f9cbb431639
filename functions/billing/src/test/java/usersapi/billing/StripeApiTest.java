package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.billing.StripeApi.Limits;
import usersapi.testing.LocalStripe;
import usersapi.testing.LocalStripe.Fault;

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

        assertThat(failure).isEqualTo(StripeFailure.tookTooLong());
    }

    @Test
    void theDeadlineEndsAlsoWhatIsBetweenTwoAttempts() {
        stripe.fail(Fault.ERROR, Fault.ERROR, Fault.ERROR, Fault.ERROR, Fault.ERROR);

        var failure = failure(new Limits(LONG, LONG, 4, Duration.ofMillis(300)));

        assertThat(failure).isEqualTo(StripeFailure.tookTooLong());
    }

    @Test
    void everythingIsAnsweredWithin20Seconds() {
        assertThat(Limits.STANDARD.connect().plus(Limits.STANDARD.read())).isLessThan(Limits.STANDARD.total());
        for (var id : List.of("CreateCheckoutSession", "CreatePortalSession", "StripeWebhook")) {
            var timeout = BILLING.table().template().function(id).timeout();
            // Beside Stripe, DynamoDB and Secrets Manager take their time.
            assertThat(timeout).isLessThanOrEqualTo(Duration.ofSeconds(20))
                    .isGreaterThanOrEqualTo(Limits.STANDARD.total().plusSeconds(5));
        }
    }

    @Test
    void nobodyButTheBillingFunctionsKnowsOfStripe() {
        assertThat(BILLING.table().template().functions()).allSatisfy(function -> assertThat(
                function.environment().keySet().stream()
                        .anyMatch(name -> name.startsWith("STRIPE") || name.startsWith("CHECKOUT")))
                .isEqualTo(function.codeUri().contains("billing")));
    }

    @Test
    void theSecretNeverShowsByToString() {
        var secret = StripeSecret.parse("{\"api_key\":\"rk_s3cret\",\"webhook_secrets\":\"whsec_s3cret\"}");

        assertThat(secret.apiKey()).isEqualTo("rk_s3cret");
        assertThat(secret + " " + BillingFixture.cachedSecret(Clock.systemUTC())).doesNotContain("s3cret");
    }

    @Test
    void readsTheSecretsOfAnEndpointWhateverTheBlanks() {
        assertThat(StripeSecret.parse("{\"api_key\":\" k \",\"webhook_secrets\":\" a ,,b, \"}"))
                .isEqualTo(new StripeSecret("k", List.of("a", "b")));
        assertThat(StripeSecret.parse("{\"webhook_secrets\":[\"a\"]}")).isEqualTo(new StripeSecret("", List.of()));
    }

    private StripeFailure failure(Limits limits) {
        var api = new StripeApi(stripe.endpoint().toString(), BillingFixture.cachedSecret(Clock.systemUTC()), limits);
        var reply = api.ask(client -> client.v1().subscriptions().retrieve("sub_1"));
        return ((StripeApi.Reply.Failed<?>) reply).failure();
    }
}
