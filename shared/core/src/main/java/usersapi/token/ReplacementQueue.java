package usersapi.token;

import static usersapi.table.UsersTable.TOKEN_QUEUE;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.table.UsersTable;

/**
 * Orders those who replace one user's token at once, in processes of their own that know nothing of each other: who has lost
 * a race puts a ticket into a set at the profile, and each replacement takes its ticket out. A ticket begins with its time, so
 * that all see one order. So hundreds at once spend about one lost transaction each, and then come to their turn one by one.
 * A caller who is alone neither draws a ticket nor waits.
 *
 * <p>The order spares transactions and decides nothing else: what keeps the token right is the condition of the transaction.
 * So whoever is first and does not come, because its process ended, is overtaken.
 */
final class ReplacementQueue {

    /** How long a function lives that may still be waiting, and some more: older tickets are nobody's. */
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    /** How long nothing may move before somebody is overtaken: several times what a read and a transaction take. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** How much later each further one overtakes, so that they do not do it at once. */
    private static final long DISTANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Beyond that nobody before is alive any more. */
    private static final long MAX_DISTANCES = 60;
    /** The time of a turn on a good day: all others would wait for one who slept longer. */
    private static final Duration TURN = Duration.ofMillis(20);
    private static final long MAX_TURNS_ASLEEP = 50;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    ReplacementQueue(DynamoDbClient dynamoDb, UsersTable users, SecureRandom random, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
        this.random = random;
        this.clock = clock;
    }

    /** Whether somebody waits whose ticket is among these. */
    boolean isEmpty(Collection<String> tickets) {
        return living(tickets).isEmpty();
    }

    /** Draws a ticket. */
    Place draw() {
        var bytes = new byte[3];
        random.nextBytes(bytes);
        return new Place(time(clock.millis()) + HexFormat.of().formatHex(bytes));
    }

    /** Puts the ticket in, once however often it is sent; false if there is no such user. */
    boolean join(String userId, Place place) {
        try {
            dynamoDb.updateItem(update -> update.tableName(table)
                    .key(UsersTable.attributes(UsersTable.profile(userId)))
                    .updateExpression("ADD %s :ticket".formatted(TOKEN_QUEUE.name()))
                    .conditionExpression("attribute_exists(%s)".formatted(UsersTable.ID.name()))
                    .expressionAttributeValues(Map.of(":ticket", AttributeValue.fromSs(List.of(place.ticket)))));
            return true;
        } catch (ConditionalCheckFailedException gone) {
            return false;
        }
    }

    /** The tickets of those who may be alive. */
    private NavigableSet<String> living(Collection<String> tickets) {
        return new TreeSet<>(tickets).tailSet(time(clock.millis() - LIFETIME.toMillis()), true);
    }

    /** The tickets that nobody waits with any more. */
    Collection<String> dead(Collection<String> tickets) {
        return new TreeSet<>(tickets).headSet(time(clock.millis() - LIFETIME.toMillis()));
    }

    /** A time as text that sorts like it. */
    private static String time(long millis) {
        return HexFormat.of().toHexDigits(millis, 12);
    }

    /** The place of one who waits. */
    final class Place {

        private final String ticket;
        private long before = Long.MAX_VALUE;
        private long movedAt;

        private Place(String ticket) {
            this.ticket = ticket;
        }

        /** Looks at the tickets, and says whether it is this one's turn, or those before have let theirs pass. */
        boolean isDue(Collection<String> tickets) {
            long now = System.nanoTime();
            long left = living(tickets).headSet(ticket).size();
            if (left < before) {
                movedAt = now;
            }
            before = left;
            return before == 0
                    || now - movedAt >= PATIENCE_NANOS + Math.min(before, MAX_DISTANCES) * DISTANCE_NANOS;
        }

        /** The tickets to take out when it is served: its own, and those of before. */
        Collection<String> served(Collection<String> tickets) {
            return new TreeSet<>(tickets).headSet(ticket, true);
        }

        /** How long to do nothing before the next look: not longer than those before take. */
        Duration untilNextLook() {
            return TURN.multipliedBy(Math.clamp(before, 1, MAX_TURNS_ASLEEP));
        }
    }
}
