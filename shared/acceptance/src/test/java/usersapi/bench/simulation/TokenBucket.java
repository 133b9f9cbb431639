package usersapi.bench.simulation;

/** Lets a rate through, and a burst above it: API Gateway's throttle, or the capacity of one of DynamoDB's partitions. */
final class TokenBucket {

    private final VirtualTime time;
    private final double rate;
    private final double burst;
    private double tokens;
    private double filled;

    /**
     * A full bucket.
     *
     * @param rate tokens a second
     * @param burst the maximum number of tokens
     */
    TokenBucket(VirtualTime time, double rate, double burst) {
        this.time = time;
        this.rate = rate;
        this.burst = burst;
        tokens = burst;
    }

    /** Takes a token; false if there is none. */
    boolean take() {
        tokens = Math.min(burst, tokens + (time.now() - filled) * rate);
        filled = time.now();
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
