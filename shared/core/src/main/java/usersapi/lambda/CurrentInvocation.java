package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import usersapi.json.JsonObject;

/**
 * The invocation of this thread, or of the thread that started it. Code far below the handler notes here what the log line
 * must say. Outside an invocation, notes are dropped.
 */
public final class CurrentInvocation {

    /** Inheritable, because a call of Stripe has its own thread. */
    private static final ThreadLocal<CurrentInvocation> CURRENT = new InheritableThreadLocal<>();

    /** The part of the invocation's time that is kept in reserve to answer and to log. */
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final AtomicReference<JsonObject> staleSecret;
    private final long deadline;

    private CurrentInvocation(AtomicReference<JsonObject> staleSecret, long deadline) {
        this.staleSecret = staleSecret;
        this.deadline = deadline;
    }

    /** The work of an invocation. */
    @FunctionalInterface
    interface Work {

        /** Does the work. */
        FunctionResult run();
    }

    /** Runs an invocation, and gives its result with what was noted meanwhile. */
    static FunctionResult of(Context context, Work work) {
        var time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(ANSWER);
        var invocation = new CurrentInvocation(new AtomicReference<>(), System.nanoTime() + time.toNanos());
        CURRENT.set(invocation);
        try {
            return invocation.completed(work.run());
        } finally {
            CURRENT.remove();
        }
    }

    /**
     * Does a part of the work within this time, or less if the invocation has less. It is for parts that others wait behind.
     */
    public static <T> T part(Duration limit, Supplier<T> work) {
        var whole = CURRENT.get();
        long deadline = System.nanoTime() + within(limit).toNanos();
        CURRENT.set(new CurrentInvocation(whole == null ? new AtomicReference<>() : whole.staleSecret, deadline));
        try {
            return work.get();
        } finally {
            if (whole == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(whole);
            }
        }
    }

    /** The time limit of a call: this limit, or the time that is left if that is less; always positive. */
    public static Duration within(Duration limit) {
        var left = timeLeft().filter(time -> time.compareTo(limit) < 0).orElse(limit);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /** The time that is left for the invocation's work, or for the part of it; empty outside an invocation. */
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
