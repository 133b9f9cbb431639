package usersapi.bench.simulation;

import java.util.random.RandomGenerator;

/**
 * The delays between attempts: random up to a maximum, which doubles with each attempt. The functions have {@link #FUNCTION}
 * for a throttled call of DynamoDB ({@code CoreModule}).
 *
 * @param first seconds, the first maximum
 * @param max seconds, the largest maximum
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential backoff and
 *     jitter</a>
 */
record Backoff(double first, double max) {

    static final Backoff FUNCTION = new Backoff(0.1, 1);

    /** Seconds to wait after this attempt; 1 is the first. */
    double after(int attempt, RandomGenerator random) {
        return random.nextDouble() * Math.min(max, first * Math.pow(2, Math.min(attempt, 30) - 1.0));
    }
}
