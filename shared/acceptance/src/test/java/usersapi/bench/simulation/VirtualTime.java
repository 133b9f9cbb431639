package usersapi.bench.simulation;

import java.util.PriorityQueue;

/** The clock of a simulation: it runs actions in the order of their times, which pass at once. */
final class VirtualTime {

    private record Event(double time, long number, Runnable action) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = Double.compare(time, other.time);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private double now;
    private long count;

    /** Seconds since the beginning. */
    double now() {
        return now;
    }

    /** Plans an action in this many seconds. */
    void after(double seconds, Runnable action) {
        events.add(new Event(now + seconds, count++, action));
    }

    /** Runs until nothing is planned any more. */
    void run() {
        for (var next = events.poll(); next != null; next = events.poll()) {
            now = next.time;
            next.action.run();
        }
    }
}
