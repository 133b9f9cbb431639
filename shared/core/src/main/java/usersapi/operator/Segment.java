package usersapi.operator;

import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * One of several parts of a table that are scanned side by side.
 *
 * @param number from 1 to {@code count}
 * @param count the number of parts
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan">Parallel
 *     scan</a>
 */
public record Segment(int number, int count) {

    /** The largest {@code count}; DynamoDB would accept a million. */
    public static final int MAX_COUNT = 1_000;

    /** The segment of these members of an event; empty if they name none. */
    static Optional<Segment> of(Object number, Object count) {
        return number instanceof Long n && count instanceof Long c && 1 <= n && n <= c && c <= MAX_COUNT
                ? Optional.of(new Segment(n.intValue(), c.intValue()))
                : Optional.empty();
    }

    /** Limits a scan to this segment. */
    public void limit(ScanRequest.Builder scan) {
        scan.segment(number - 1).totalSegments(count);
    }

    @Override
    public String toString() {
        return number + " of " + count;
    }
}
