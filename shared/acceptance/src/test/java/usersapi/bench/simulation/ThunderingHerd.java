package usersapi.bench.simulation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Clients that all come back at the same moment, when an outage ends. API Gateway lets {@code ThrottlingRate} requests a
 * second through, after a burst of {@code ThrottlingBurst}, and answers 429 to all others, which try again.
 */
final class ThunderingHerd {

    private static final int[] CLIENTS = {10_000, 50_000};

    /** The ways in which clients try again. */
    private enum Retry {
        EVERY_5_S("every 5 s") {
            @Override
            double delay(int attempt, Random random) {
                return 5;
            }
        },
        RANDOM_10_S("after a random time of up to 10 s") {
            @Override
            double delay(int attempt, Random random) {
                return 10 * random.nextDouble();
            }
        },
        EXPONENTIAL("exponential backoff from 1 s to 60 s, with full jitter") {
            @Override
            double delay(int attempt, Random random) {
                return new Backoff(1, 60).after(attempt, random);
            }
        };

        final String name;

        Retry(String name) {
            this.name = name;
        }

        abstract double delay(int attempt, Random random);
    }

    private final VirtualTime time = new VirtualTime();
    private final Random random = new Random(23);
    private final TokenBucket gateway;
    private final Retry retry;
    private final double[] answered;
    private int next;
    private int requests;

    private ThunderingHerd(int clients, Retry retry, int throttlingRate, int throttlingBurst) {
        this.retry = retry;
        gateway = new TokenBucket(time, throttlingRate, throttlingBurst);
        answered = new double[clients];
        for (int i = 0; i < clients; i++) {
            time.after(0, () -> send(1));
        }
        time.run();
        Arrays.sort(answered);
    }

    /** A row for each way to try again. */
    static String table(int throttlingRate, int throttlingBurst) {
        var rows = new StringBuilder();
        for (var retry : Retry.values()) {
            rows.append("| ").append(retry.name);
            for (int clients : CLIENTS) {
                var herd = new ThunderingHerd(clients, retry, throttlingRate, throttlingBurst);
                rows.append(String.format(Locale.ROOT, " | %,.0f | %,.0f | %.1f", herd.answered[clients / 2],
                        herd.answered[(int) (clients * 0.99)], herd.requests / (double) clients));
            }
            rows.append(" |\n");
        }
        return rows.toString();
    }

    private void send(int attempt) {
        requests++;
        if (gateway.take()) {
            answered[next++] = time.now();
        } else {
            time.after(retry.delay(attempt, random), () -> send(attempt + 1));
        }
    }

}
