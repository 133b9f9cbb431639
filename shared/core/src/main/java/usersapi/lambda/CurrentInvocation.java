package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import usersapi.json.JsonObject;

/**
 * The invocation that is under way on this thread or on the one that started it: what deep below has to be told of it
 * without being asked. Outside of one, notes are dropped.
 */
public final class CurrentInvocation {

    /** Inheritable, for a call of Stripe has a thread of its own. */
    private static final ThreadLocal<CurrentInvocation> CURRENT = new InheritableThreadLocal<>();

    private final AtomicReference<JsonObject> staleSecret = new AtomicReference<>();
    private final long deadline;

    private CurrentInvocation(Context context) {
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(context.getRemainingTimeInMillis());
    }

    /** The work of an invocation. */
    @FunctionalInterface
    interface Work {

        /** Does it. */
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

    /** How much time the invocation has before Lambda ends it; empty outside of one. */
    public static Optional<Duration> timeLeft() {
        return Optional.ofNullable(CURRENT.get())
                .map(current -> Duration.ofNanos(current.deadline - System.nanoTime()));
    }

    /** Notes that a secret could not be refreshed, and the last good value of it was used. */
    public static void noteStaleSecret(String id, RuntimeException cause) {
        var current = CURRENT.get();
        if (current != null) {
            current.staleSecret.compareAndSet(null, FunctionLog.failure(cause).put("stale_secret", id));
        }
    }

    /** The result as the operator is to see it: the caller's answer is not changed, nor an outcome that is an error itself. */
    private FunctionResult completed(FunctionResult result) {
        var stale = staleSecret.get();
        if (stale == null || result.outcome().isError()) {
            return result;
        }
        result.log().members().forEach(stale::put);
        return new FunctionResult(result.answer(), Outcome.SECRET_STALE, stale);
    }
}
