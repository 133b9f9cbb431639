package usersapi.bench.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Many clients with one credential. Each request makes the authorizer read the credential's item; above the capacity of the
 * item's partition DynamoDB throttles the read, and the function repeats it with {@link Backoff#FUNCTION} while it has time.
 * Other users send a hundred requests a second meanwhile, whose items are in other partitions, but whose functions need
 * instances of the same account.
 */
final class HotUser {

    static final int[] RATES = {1_000, 2_900, 3_100, 4_000, 6_000};

    private static final double SECONDS = 20;
    private static final double OTHERS = 100;

    private final VirtualTime time = new VirtualTime();
    private final Random random = new Random(23);
    private final TokenBucket partition = new TokenBucket(time, Limits.PARTITION_READS, Limits.PARTITION_READS / 10.0);
    private final List<Double> answered = new ArrayList<>();
    private final double rate;
    private int instances;
    private int maxInstances;
    private int requests;
    private int otherRequests;
    private int otherRefusals;

    private HotUser(double rate) {
        this.rate = rate;
    }

    /** A row for each rate. */
    static String table() {
        var rows = new StringBuilder();
        for (int rate : RATES) {
            var user = new HotUser(rate);
            user.arrive();
            user.othersArrive();
            user.time.run();
            rows.append(user.row());
        }
        return rows.toString();
    }

    private void arrive() {
        time.after(-Math.log(1 - random.nextDouble()) / rate, () -> {
            if (time.now() < SECONDS) {
                requests++;
                if (instances < Limits.INSTANCES) {
                    begin();
                    read(time.now(), 1);
                }
                arrive();
            }
        });
    }

    private void othersArrive() {
        time.after(-Math.log(1 - random.nextDouble()) / OTHERS, () -> {
            if (time.now() < SECONDS) {
                otherRequests++;
                if (instances < Limits.INSTANCES) {
                    begin();
                    time.after(Limits.INVOCATION, () -> instances--);
                } else {
                    otherRefusals++;
                }
                othersArrive();
            }
        });
    }

    private void begin() {
        instances++;
        maxInstances = Math.max(maxInstances, instances);
    }

    private void read(double start, int attempt) {
        if (partition.take()) {
            time.after(Limits.INVOCATION, () -> {
                instances--;
                answered.add(time.now() - start);
            });
            return;
        }
        double next = Limits.CALL + Backoff.FUNCTION.after(attempt, random);
        if (time.now() + next - start > Limits.FUNCTION_TIME) {
            time.after(Limits.CALL, () -> instances--);
        } else {
            time.after(next, () -> read(start, attempt + 1));
        }
    }

    private String row() {
        var sorted = answered.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "| %,d | %.0f %% | %,.0f | %,.0f | %,d | %.0f %% |\n", (int) rate,
                100.0 * sorted.length / requests, 1_000 * sorted[sorted.length / 2],
                1_000 * sorted[(int) (sorted.length * 0.99)], maxInstances, 100.0 * otherRefusals / otherRequests);
    }
}
