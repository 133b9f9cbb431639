package usersapi.login;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Something of the provider's, fetched when it is first needed, never at start-up, where a SnapStart snapshot would keep it,
 * and again when it is older than it may be. Who comes while it is being fetched waits for the same answer, or the same
 * failure; a failure is not kept, and takes nothing away that is young enough.
 *
 * @param <T> what is fetched
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
     * @param maxAge how old it may get
     * @param minInterval how much time is between two refreshes that something else than age has caused
     */
    Fetched(Supplier<T> source, Duration maxAge, Duration minInterval, Clock clock) {
        this.source = source;
        this.maxAge = maxAge;
        this.minInterval = minInterval;
        this.clock = clock;
    }

    /**
     * The value, at most as old as it may get.
     *
     * @throws RuntimeException what the source throws
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
     * The value anew, because the one that is there did not do; but the one that is there, if it was refreshed for this reason
     * not long ago.
     *
     * @throws RuntimeException what the source throws
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

    /** Whoever comes first does it; {@code run} lets nobody do it twice. */
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
