package usersapi.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.billing.StripeApi.Limits;
import usersapi.config.Environment;
import usersapi.secret.MalformedSecretException;
import usersapi.standin.stripe.Fault;
import usersapi.standin.stripe.LocalStripe;
import usersapi.testing.FaultyNetwork;
import usersapi.wiring.CoreModule;

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

    @ParameterizedTest
    @ValueSource(strings = {"CreateCheckoutSession", "CreatePortalSession", "StripeWebhook"})
    void stripeAndAllCallsOfAwsFitIntoTheTimeOut(String id) {
        var userId = BILLING.user();
        var event = switch (id) {
            case "CreateCheckoutSession" -> BillingFixture.event("create-checkout-session", userId);
            case "CreatePortalSession" -> {
                BILLING.subscribe(userId, "pro")
                        .forEach(paid -> BILLING.send(new StripeWebhookHandler(BILLING::variable), paid));
                yield BillingFixture.event("create-portal-session", userId);
            }
            default -> {
                var paid = BILLING.subscribe(userId, "pro").getFirst();
                yield BillingFixture.webhookEvent(paid.json(),
                        paid.signature(BillingFixture.WEBHOOK_SECRET, Instant.now()));
            }
        };
        var function = BILLING.tables().template().function(id);
        int before;
        try (var secrets = new FaultyNetwork(BILLING.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"))) {
            Environment environment = name -> name.equals("AWS_ENDPOINT_URL_SECRETS_MANAGER")
                    ? secrets.endpoint()
                    : BILLING.variable(name);
            assertThat(BILLING.invoke(function.instance(Environment.class, environment), event).status())
                    .isEqualTo(200);
            // Before the time limit for Stripe begins, the webhook fetches the secret, and the others count the request in
            // at most two writes. All other calls of AWS are within this limit.
            before = id.equals("StripeWebhook") ? secrets.requests() : 2;
        }

        assertThat(CoreModule.CALL_TIMEOUT.multipliedBy(before).plus(Limits.STANDARD.total()))
                .isLessThan(function.timeout());
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

    private StripeFailure failure(Limits limits) {
        var api = new StripeApi(stripe.endpoint().toString(), BILLING.cachedSecret(Clock.systemUTC()), limits);
        var reply = api.ask(client -> client.v1().subscriptions().retrieve("sub_1"));
        return ((StripeApi.Reply.Failed<?>) reply).failure();
    }
}
