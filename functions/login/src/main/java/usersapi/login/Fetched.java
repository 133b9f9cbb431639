package usersapi.login;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A cached value of the provider. It is fetched at its first use, never at start-up, because a snapshot would keep it, and
 * again when it is too old. Callers at the same time wait for one request and share its answer or failure. A failure is not
 * cached, and does not remove a value that is young enough.
 *
 * @param <T> the value's type
 */
final class Fetched<T> {

    private final Supplier<T> source;
    private final Duration maxAge;
    private final Duration minInterval;
    private final Clock clock;
    private Attempt<T> latest;
    private Attempt<T> lastGood;
    private Instant refreshedAt = Instant.MIN;

    private record Attempt<T>(FutureTask<T> task, Instant at) {

        boolean isUnderWay() {
            return task.state() == FutureTask.State.RUNNING;
        }

        boolean isGood() {
            return task.state() == FutureTask.State.SUCCESS;
        }
    }

    /**
     * A value of this source.
     *
     * @param maxAge its maximum age
     * @param minInterval the minimum time between two refreshes for another reason than age
     */
    Fetched(Supplier<T> source, Duration maxAge, Duration minInterval, Clock clock) {
        this.source = source;
        this.maxAge = maxAge;
        this.minInterval = minInterval;
        this.clock = clock;
    }

    /**
     * The value, not older than its maximum age.
     *
     * @throws RuntimeException if the source throws it
     */
    T get() {
        FutureTask<T> task;
        synchronized (this) {
            noteSuccess();
            if (latest != null && latest.isUnderWay()) {
                task = latest.task;
            } else if (lastGood != null && clock.instant().isBefore(lastGood.at.plus(maxAge))) {
                task = lastGood.task;
            } else {
                task = attempt();
            }
        }
        return result(task);
    }

    /**
     * A newly fetched value, for a caller whom the cached one does not serve; or the cached one, if it was refreshed for
     * this reason a short time ago.
     *
     * @throws RuntimeException if the source throws it
     */
    T refreshed() {
        FutureTask<T> task;
        synchronized (this) {
            noteSuccess();
            var now = clock.instant();
            if (now.isBefore(refreshedAt.plus(minInterval))) {
                task = null;
            } else {
                refreshedAt = now;
                task = attempt();
            }
        }
        return task == null ? get() : result(task);
    }

    private void noteSuccess() {
        if (latest != null && latest.isGood()) {
            lastGood = latest;
        }
    }

    private FutureTask<T> attempt() {
        latest = new Attempt<>(new FutureTask<>(source::get), clock.instant());
        return latest.task;
    }

    /** The first caller runs the task; {@code run} runs it only once. */
    private static <T> T result(FutureTask<T> task) {
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another fetches", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }
}
