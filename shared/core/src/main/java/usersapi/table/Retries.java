package usersapi.table;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import usersapi.lambda.CurrentInvocation;

/**
 * Limits the attempts at one piece of work by time, not by number: until the time of the invocation, or of a part of it, is
 * nearly used. Between attempts it waits with full jitter: a random time whose maximum grows up to fourfold each time, so that
 * even hundreds of writers of one item soon stop colliding.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential backoff and
 *     jitter</a>
 */
public final class Retries {

    /** The part of the time that is kept in reserve: enough for the reads and the write of one more attempt. */
    private static final Duration RESERVE = Duration.ofSeconds(1);
    /** The limit of work outside an invocation. */
    private static final Duration OUTSIDE = Duration.ofSeconds(20);
    private static final long FIRST_WINDOW = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_WINDOW = TimeUnit.SECONDS.toNanos(4);
    private static final int GROWTH = 4;

    private final long deadline;
    private long window = FIRST_WINDOW;
    private SecureRandom random;

    private Retries(long deadline) {
        this.deadline = deadline;
    }

    /** Attempts until the invocation's time is nearly used, or that of a part of it. */
    public static Retries ofInvocation() {
        var left = CurrentInvocation.timeLeft().orElse(OUTSIDE).minus(RESERVE);
        return new Retries(System.nanoTime() + left.toNanos());
    }

    /**
     * Waits before another attempt.
     *
     * @param last the failure of the last attempt; null for a lost race
     * @throws RuntimeException {@code last} if there is no time for another attempt
     */
    public void backOff(RuntimeException last) {
        pause(random().nextLong(window), last);
        window = Math.min(window * GROWTH, MAX_WINDOW);
    }

    /**
     * Waits for a random part of this time, as far as there is time for another attempt.
     *
     * @throws LostRacesException if there is no time for another attempt
     */
    public void pause(Duration limit) {
        long left = deadline - System.nanoTime() - 1_000_000;
        pause(Math.clamp(left, 0, random().nextLong(limit.toNanos())), null);
    }

    private SecureRandom random() {
        if (random == null) {
            random = new SecureRandom(); // not earlier: a snapshot must not hold its state
        }
        return random;
    }

    private void pause(long nanos, RuntimeException last) {
        if (System.nanoTime() + nanos >= deadline) {
            throw last == null ? new LostRacesException() : last;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two attempts", e);
        }
    }

    /** Other writers changed the item before each attempt until time ran out. */
    public static final class LostRacesException extends IllegalStateException {

        private static final long serialVersionUID = 1;

        LostRacesException() {
            super("other writes won each race until the time ran out");
        }
    }
}
