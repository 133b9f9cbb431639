package usersapi.bench.simulation;

import java.util.Locale;
import java.util.Random;

/**
 * DynamoDB answers nobody for a minute. Functions repeat their calls with {@link Backoff#FUNCTION} while they have time, so
 * that they occupy instances; requests that find none, or whose function gives up, are sent again by the client with
 * exponential backoff from 1 s to 60 s.
 */
final class TableOutage {

    private static final int[] RATES = {20, 50, 100, 500};

    private static final double BEGIN = 10;
    private static final double END = 70;
    private static final double LAST = 200;
    private static final Backoff CLIENT = new Backoff(1, 60);

    private final VirtualTime time = new VirtualTime();
    private final Random random = new Random(23);
    private final double rate;
    private int instances;
    private int maxInstances;
    private int delayed;
    private int failures;
    private double lastDelayed;

    private TableOutage(double rate) {
        this.rate = rate;
    }

    /** A row for each rate. */
    static String table() {
        var rows = new StringBuilder();
        for (int rate : RATES) {
            var outage = new TableOutage(rate);
            outage.arrive();
            outage.time.run();
            rows.append(String.format(Locale.ROOT, "| %,d | %,d | %,d | %,d | %.0f |\n", rate, outage.maxInstances,
                    outage.delayed, outage.failures, outage.lastDelayed - END));
        }
        return rows.toString();
    }

    private void arrive() {
        time.after(-Math.log(1 - random.nextDouble()) / rate, () -> {
            if (time.now() < LAST) {
                send(time.now(), 1);
                arrive();
            }
        });
    }

    private void send(double first, int attempt) {
        if (instances >= Limits.INSTANCES) {
            fail(first, attempt);
            return;
        }
        instances++;
        maxInstances = Math.max(maxInstances, instances);
        call(first, attempt, time.now(), 1);
    }

    private void call(double first, int attempt, double start, int call) {
        if (time.now() < BEGIN || time.now() >= END) {
            time.after(Limits.INVOCATION, () -> {
                instances--;
                if (time.now() - first > 1) {
                    delayed++;
                    lastDelayed = time.now();
                }
            });
            return;
        }
        double next = Limits.CALL + Backoff.FUNCTION.after(call, random);
        if (time.now() + next - start > Limits.FUNCTION_TIME) {
            time.after(Limits.FUNCTION_TIME - (time.now() - start), () -> {
                instances--;
                fail(first, attempt);
            });
        } else {
            time.after(next, () -> call(first, attempt, start, call + 1));
        }
    }

    private void fail(double first, int attempt) {
        failures++;
        time.after(CLIENT.after(attempt, random), () -> send(first, attempt + 1));
    }
}
