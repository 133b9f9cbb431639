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
import usersapi.secret.CachedSecret;
import usersapi.secret.MalformedSecretException;

/**
 * Stripe's API, by its library, with the key from Secrets Manager. What Stripe does, it comes to an end: each attempt has
 * its time-outs, there are few attempts, and all of them together have a deadline.
 */
final class StripeApi {

    /**
     * How long Stripe may take.
     *
     * @param connect to connect, per attempt
     * @param read without a byte, per attempt: a peer that trickles is bound by {@code total} only
     * @param retries further attempts after no answer, a conflict (409) or a 5xx; the library waits half a second before the
     *     first and twice as long before each other, and sends the same idempotency key
     * @param total for everything, refusal and second try of a rotated key included
     */
    record Limits(Duration connect, Duration read, int retries, Duration total) {

        /** With all calls of AWS before and after, less than the functions have, and these less than API Gateway's 29 s. */
        static final Limits STANDARD = new Limits(Duration.ofSeconds(2), Duration.ofSeconds(6), 2,
                Duration.ofSeconds(12));
    }

    /**
     * Calls of the API that belong together, and of AWS between them. It may run twice, so its writes carry an idempotency
     * key, or are conditional.
     */
    @FunctionalInterface
    interface Call<T> {
        T on(StripeClient stripe) throws StripeException;
    }

    /** The outcome of a call. */
    sealed interface Reply<T> {

        /** Stripe's answer. */
        record Done<T>(T value) implements Reply<T> {}

        /** None, or a refusal. */
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

    /** Calls Stripe. That AWS does not answer is not Stripe's doing, and so an exception. */
    <T> Reply<T> ask(Call<T> call) {
        var task = new FutureTask<>(() -> withSecret(call));
        // Virtual, for then an interrupt ends a read from a socket, and with it this thread.
        Thread.ofVirtual().start(task);
        try {
            return task.get(limits.total.toMillis(), TimeUnit.MILLISECONDS);
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

    /** A key that Stripe refuses may have been rotated since it was fetched, and one that was missing put in. */
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
            return new Reply.Done<>(call.on(stripe));
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
}
