package usersapi.bench.simulation;

/** The limits and durations that the simulations have in common; {@code CapacityModel} has their sources. */
final class Limits {

    /** DynamoDB's reads a second of one partition, and so of one item. */
    static final int PARTITION_READS = 3_000;
    /** Lambda's default of an account: instances at the same time. */
    static final int INSTANCES = 1_000;
    /** Seconds that a function has for its calls: its time-out without the reserve for its answer. */
    static final double FUNCTION_TIME = 19;
    /** Seconds of a warm function with one call of DynamoDB, and of that call. */
    static final double INVOCATION = 0.010;
    static final double CALL = 0.005;

    private Limits() {}
}
