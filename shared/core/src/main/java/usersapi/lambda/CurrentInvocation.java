package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import usersapi.json.JsonObject;

/**
 * The invocation of this thread, or of the thread that started it. Code far below the handler notes here what the log line
 * must say. Outside an invocation, notes are dropped.
 */
public final class CurrentInvocation {

    /** Inheritable, because a call of Stripe has its own thread. */
    private static final ThreadLocal<CurrentInvocation> CURRENT = new InheritableThreadLocal<>();

    private final AtomicReference<JsonObject> staleSecret = new AtomicReference<>();
    private final long deadline;

    private CurrentInvocation(Context context) {
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(context.getRemainingTimeInMillis());
    }

    /** The work of an invocation. */
    @FunctionalInterface
    interface Work {

        /** Does the work. */
        FunctionResult run();
    }

    /** Runs an invocation, and gives its result with what was noted meanwhile. */
    static FunctionResult of(Context context, Work work) {
        var invocation = new CurrentInvocation(context);
        CURRENT.set(invocation);
        try {
            return invocation.completed(work.run());
        } finally {
            CURRENT.remove();
        }
    }

    /** The time until Lambda ends the invocation; empty outside an invocation. */
    public static Optional<Duration> timeLeft() {
        return Optional.ofNullable(CURRENT.get())
                .map(current -> Duration.ofNanos(current.deadline - System.nanoTime()));
    }

    /** Notes that a secret could not be refreshed, so that its last good value was used. */
    public static void noteStaleSecret(String id, RuntimeException cause) {
        var current = CURRENT.get();
        if (current != null) {
            current.staleSecret.compareAndSet(null, FunctionLog.failure(cause).put("stale_secret", id));
        }
    }

    /** The result with the notes. They change neither the caller's answer nor an outcome that is already an error. */
    private FunctionResult completed(FunctionResult result) {
        var stale = staleSecret.get();
        if (stale == null || result.outcome().isError()) {
            return result;
        }
        result.log().members().forEach(stale::put);
        return new FunctionResult(result.answer(), Outcome.SECRET_STALE, stale);
    }
}
