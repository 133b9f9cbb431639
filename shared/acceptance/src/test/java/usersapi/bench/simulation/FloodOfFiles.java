package usersapi.bench.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A hundred thousand changes of one user's files, as fast as the table takes them. A stream's shard has lanes
 * ({@code ParallelizationFactor}); all records of a user are in one lane, which settles one after the other. Ten changes a
 * second of other users are spread over the lanes.
 */
final class FloodOfFiles {

    private static final int CHANGES = 100_000;
    /** DynamoDB's writes a second of one partition. */
    private static final int WRITES = 1_000;
    private static final double OTHERS = 10;

    private final VirtualTime time = new VirtualTime();
    private final Random random = new Random(23);
    private final List<ArrayDeque<Runnable>> lanes = new ArrayList<>();
    private final List<Double> lagsOfTheLane = new ArrayList<>();
    private final List<Double> lagsOfOthers = new ArrayList<>();
    private final double settling;
    private int backlog;
    private int maxBacklog;
    private int left = CHANGES;
    private double end;

    /**
     * A flood.
     *
     * @param settledASecond the rate of one lane
     */
    FloodOfFiles(int lanes, int settledASecond) {
        settling = 1.0 / settledASecond;
        for (int i = 0; i < lanes; i++) {
            this.lanes.add(new ArrayDeque<>());
        }
        for (int i = 0; i < CHANGES; i++) {
            time.after(i / (double) WRITES, this::change);
        }
        othersChange();
        time.run();
    }

    /** Its rows. */
    String table() {
        return String.format(Locale.ROOT,
                """
                        | seconds until all are written | %,d |
                        | seconds until all are settled | %,.0f |
                        | changes that wait, at most | %,d |
                        | seconds that another user in the same lane waits, median and maximum | %,.0f, %,.0f |
                        | seconds that a user in another lane waits, at most | %.2f |
                        """,
                CHANGES / WRITES, end, maxBacklog, median(lagsOfTheLane), Collections.max(lagsOfTheLane),
                Collections.max(lagsOfOthers));
    }

    private void change() {
        backlog++;
        maxBacklog = Math.max(maxBacklog, backlog);
        add(0, () -> {
            backlog--;
            left--;
            end = time.now();
        });
    }

    private void othersChange() {
        time.after(-Math.log(1 - random.nextDouble()) / OTHERS, () -> {
            int lane = random.nextInt(lanes.size());
            double written = time.now();
            add(lane, () -> (lane == 0 ? lagsOfTheLane : lagsOfOthers).add(time.now() - written));
            if (left > 0) {
                othersChange();
            }
        });
    }

    private void add(int lane, Runnable settled) {
        var queue = lanes.get(lane);
        queue.add(settled);
        if (queue.size() == 1) {
            time.after(settling, () -> settle(queue));
        }
    }

    private void settle(ArrayDeque<Runnable> queue) {
        queue.poll().run();
        if (!queue.isEmpty()) {
            time.after(settling, () -> settle(queue));
        }
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }
}
