package usersapi.billing;

import com.stripe.StripeClient;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.StripeException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import usersapi.lambda.CurrentInvocation;
import usersapi.lambda.Sample;
import usersapi.secret.CachedSecret;
import usersapi.secret.MalformedSecretException;

/**
 * Calls Stripe's API by its library, with the key from Secrets Manager. A call always ends: each attempt has time-outs,
 * there are few attempts, and all attempts together have a deadline.
 */
final class StripeApi {

    /**
     * The time limits for Stripe.
     *
     * @param connect the time to connect, per attempt
     * @param read the time without a byte, per attempt; a slow stream of bytes is limited by {@code total} only
     * @param retries further attempts after no answer, a conflict (409) or a 5xx; the library waits half a second before the
     *     first and twice as long before each other, and sends the same idempotency key
     * @param total the time of the whole call, with a second try after the refusal of a rotated key; less if the invocation has
     *     less
     */
    record Limits(Duration connect, Duration read, int retries, Duration total) {

        /** Less than the functions' time-out, which is less than API Gateway's 29 s. */
        static final Limits STANDARD = new Limits(Duration.ofSeconds(2), Duration.ofSeconds(6), 2,
                Duration.ofSeconds(12));
    }

    /**
     * Related calls of the API, with calls of AWS between them. They may run twice, so each write has an idempotency key or
     * a condition.
     */
    @FunctionalInterface
    interface Call<T> {
        T on(StripeRequests stripe) throws StripeException;
    }

    /** The outcome of a call. */
    sealed interface Reply<T> {

        /** Stripe's answer. */
        record Done<T>(T value) implements Reply<T> {}

        /** Stripe did not answer, or refused. */
        record Failed<T>(StripeFailure failure) implements Reply<T> {}
    }

    private final String base;
    private final CachedSecret<StripeSecret> secret;
    private final Limits limits;

    @Inject
    StripeApi(StripeAccess stripe, CachedSecret<StripeSecret> secret) {
        this(stripe.apiBase(), secret, Limits.STANDARD);
    }

    StripeApi(String base, CachedSecret<StripeSecret> secret, Limits limits) {
        this.base = base;
        this.secret = secret;
        this.limits = limits;
    }

    /** Begins to fetch the key, for a caller that asks the table before it calls Stripe. */
    void begin() {
        secret.begin();
    }

    /** Calls Stripe. A failure of AWS is an exception instead of a reply. */
    <T> Reply<T> ask(Call<T> call) {
        var task = new FutureTask<>(() -> withSecret(call));
        // A virtual thread, because an interrupt ends its read from a socket.
        Thread.ofVirtual().start(task);
        try {
            return task.get(CurrentInvocation.within(limits.total).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            return new Reply.Failed<>(StripeFailure.tookTooLong());
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.Failed<>(StripeFailure.tookTooLong());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    private <T> Reply<T> withSecret(Call<T> call) {
        try {
            return withCurrentKey(call);
        } catch (MalformedSecretException e) {
            return new Reply.Failed<>(StripeFailure.noKey());
        }
    }

    /**
     * Repeats the call once with a newly fetched key, because a refused one may have been rotated, and a missing one put in.
     */
    private <T> Reply<T> withCurrentKey(Call<T> call) {
        var key = secret.get().apiKey();
        if (key.isEmpty()) {
            key = secret.get(Duration.ZERO).apiKey();
        }
        try {
            return call(call, key);
        } catch (AuthenticationException refused) {
            var newer = secret.get(Duration.ZERO).apiKey();
            if (newer.equals(key)) {
                return new Reply.Failed<>(StripeFailure.of(refused));
            }
            try {
                return call(call, newer);
            } catch (AuthenticationException e) {
                return new Reply.Failed<>(StripeFailure.of(e));
            }
        }
    }

    private <T> Reply<T> call(Call<T> call, String key) throws AuthenticationException {
        if (key.isEmpty()) {
            return new Reply.Failed<>(StripeFailure.noKey());
        }
        var stripe = new StripeClient.StripeClientBuilder().setApiKey(key).setApiBase(base)
                .setConnectTimeout((int) limits.connect.toMillis()).setReadTimeout((int) limits.read.toMillis())
                .setMaxNetworkRetries(limits.retries).build();
        try {
            return new Reply.Done<>(call.on(new StripeRequests(stripe)));
        } catch (AuthenticationException e) {
            throw e;
        } catch (StripeException e) {
            return new Reply.Failed<>(StripeFailure.of(e));
        } catch (SdkException e) {
            throw e;
        } catch (RuntimeException e) {
            return new Reply.Failed<>(StripeFailure.nonsense(e));
        }
    }

    /**
     * A sample that is an answer to every call: an object, and a list of subscriptions and sessions. The subscription has
     * ended, or lives and has a price that the event does not name.
     */
    static Sample sample() {
        var answer = """
                {"id": "primed", "url": "https://primed.example", "created": 1, "customer": "primed", "status": "open",
                 "payment_status": "unpaid", "line_items": {"object": "list", "has_more": false, "data": [{"id": "primed",
                  "price": {"id": "price_primed"}}]},
                 "object": "list", "has_more": false, "client_reference_id": "u",
                 "metadata": {"external_id": "u", "checkout": "1"},
                 "data": [{"id": "primed", "url": "https://primed.example", "status": "%s", "customer": "primed",
                  "created": 1, "client_reference_id": "u", "metadata": {"external_id": "u", "checkout": "1"},
                  "cancel_at_period_end": false, "items": {"object": "list", "has_more": false, "data": [{"id": "primed",
                   "quantity": 1, "current_period_end": 1, "price": {"id": "price_other"}}]}}]}""";
        return Sample.answer(answer.formatted("canceled"), answer.formatted("active"), answer.formatted("canceled"));
    }
}
