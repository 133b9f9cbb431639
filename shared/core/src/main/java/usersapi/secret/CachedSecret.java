package usersapi.secret;

import dagger.Lazy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import usersapi.lambda.CurrentInvocation;

/**
 * A secret of Secrets Manager in parsed form. It is fetched at its first use, never at start-up, because a snapshot would
 * keep it, and again when it is too old.
 *
 * <p>A busy function refreshes it on another thread before it is too old, so that no caller waits. An idle function is
 * frozen between its calls; its next caller fetches the secret, like the first one. So while Secrets Manager answers, no
 * value in use is older than five minutes.
 *
 * <p>A function that has to read the table too begins the first fetch beside that read.
 *
 * <p>The last good value stays in use until there is a newer one. An outage of Secrets Manager, or a malformed value after a
 * rotation, is noted for the log line of an invocation, and tried again soon. One caller refreshes, within two seconds; the
 * others do not wait for it.
 *
 * @param <T> the type of the parsed secret
 */
public final class CachedSecret<T> {

    private static final Duration KEPT_FOR = Duration.ofMinutes(5);
    private static final Duration REFRESHED_AFTER = Duration.ofMinutes(3);
    private static final Duration RETRIED_AFTER = Duration.ofSeconds(30);
    private static final Duration REFRESHED_WITHIN = Duration.ofSeconds(2);

    private final Lazy<SecretsManagerClient> secrets;
    private final String id;
    private final Function<String, T> parser;
    private final Clock clock;
    private final AtomicReference<FutureTask<T>> begun = new AtomicReference<>();
    private final AtomicReference<Fetched<T>> last = new AtomicReference<>();
    private final ReentrantLock refreshing = new ReentrantLock();
    private final AtomicBoolean refreshingBeside = new AtomicBoolean();
    private final AtomicReference<RuntimeException> unnoted = new AtomicReference<>();
    private volatile Instant retryAt = Instant.MIN;

    /** A good value, and when the request for it was sent. */
    private record Fetched<T>(T value, Instant at) {}

    /**
     * The secret of that ARN or name.
     *
     * @param parser may refuse a text by a {@link MalformedSecretException}
     */
    public CachedSecret(Lazy<SecretsManagerClient> secrets, String id, Function<String, T> parser, Clock clock) {
        this.secrets = secrets;
        this.id = id;
        this.parser = parser;
        this.clock = clock;
    }

    /**
     * Begins to fetch the secret on another thread if it was never fetched. A caller that certainly needs it asks the table
     * meanwhile, so that its first answer waits for the slower one only.
     */
    public void begin() {
        if (last.get() != null) {
            return;
        }
        var task = new FutureTask<>(() -> fetch(CachedSecret::inTime));
        if (begun.compareAndSet(null, task)) {
            startBeside(task);
        }
    }

    /** What {@link #begin} has fetched. If that failed or was not called, it is fetched by this thread. */
    private T first() {
        var task = begun.getAndSet(null);
        if (task != null) {
            try {
                return task.get(CurrentInvocation.within(REFRESHED_WITHIN).toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the secret is fetched", e);
            } catch (ExecutionException | TimeoutException e) {
                // Perhaps an earlier invocation began it, and Lambda froze the sandbox meanwhile.
            }
        }
        return fetch(request -> {});
    }

    /**
     * The secret as it was at most five minutes ago or, if it cannot be refreshed, its last good value.
     *
     * @throws RuntimeException if it cannot be fetched and has no earlier good value
     */
    public T get() {
        var known = last.get();
        if (known == null) {
            return first();
        }
        var failure = unnoted.getAndSet(null);
        if (failure != null) {
            CurrentInvocation.noteStaleSecret(id, failure);
        }
        var now = clock.instant();
        if (now.isBefore(known.at.plus(REFRESHED_AFTER)) || now.isBefore(retryAt)) {
            return known.value;
        }
        if (now.isBefore(known.at.plus(KEPT_FOR))) {
            refreshBeside(known);
            return known.value;
        }
        if (!refreshing.tryLock()) {
            return known.value;
        }
        try {
            return fetch(CachedSecret::inTime);
        } catch (RuntimeException e) {
            retryAt = now.plus(RETRIED_AFTER);
            CurrentInvocation.noteStaleSecret(id, e);
            return known.value;
        } finally {
            refreshing.unlock();
        }
    }

    private static void inTime(GetSecretValueRequest.Builder request) {
        request.overrideConfiguration(o -> o.apiCallTimeout(REFRESHED_WITHIN));
    }

    private static void startBeside(Runnable work) {
        Thread.ofPlatform().daemon().name("secret").start(work);
    }

    /** Refreshes it on another thread, unless a thread already does. */
    private void refreshBeside(Fetched<T> known) {
        if (refreshingBeside.compareAndSet(false, true)) {
            startBeside(() -> {
                var start = clock.instant();
                try {
                    fetch(CachedSecret::inTime);
                } catch (RuntimeException e) {
                    failedBeside(known, start, e);
                } finally {
                    refreshingBeside.set(false);
                }
            });
        }
    }

    /**
     * The next invocation notes the failure, because the one that started the thread may be over. If Lambda froze the
     * sandbox meanwhile, the connection is dead afterwards: that is no failure of Secrets Manager, and is tried again at
     * once.
     */
    private void failedBeside(Fetched<T> known, Instant start, RuntimeException failure) {
        boolean wasFrozen = clock.instant().isAfter(start.plus(REFRESHED_WITHIN.multipliedBy(2)));
        if (!wasFrozen && !last.get().at.isAfter(known.at)) {
            retryAt = start.plus(RETRIED_AFTER);
            unnoted.set(failure);
        }
    }

    /**
     * The secret, not older than this; with zero it is always fetched.
     *
     * @throws RuntimeException if it is older and cannot be fetched; {@link #get()} keeps the last good value
     */
    public T get(Duration age) {
        var known = last.get();
        return known != null && clock.instant().isBefore(known.at.plus(age)) ? known.value : fetch(request -> {});
    }

    /** The secret, not older than this or, if it cannot be fetched, its last good value. */
    public T getIfPossible(Duration age) {
        var known = last.get();
        try {
            return get(age);
        } catch (RuntimeException e) {
            if (known == null) {
                throw e;
            }
            CurrentInvocation.noteStaleSecret(id, e);
            return known.value;
        }
    }

    private T fetch(Consumer<GetSecretValueRequest.Builder> limits) {
        var at = clock.instant();
        var text = secrets.get().getSecretValue(request -> limits.accept(request.secretId(id))).secretString();
        var fetched = new Fetched<>(parser.apply(text), at);
        last.accumulateAndGet(fetched, (before, now) -> before != null && before.at.isAfter(now.at) ? before : now);
        return fetched.value;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "CachedSecret[redacted]";
    }
}
