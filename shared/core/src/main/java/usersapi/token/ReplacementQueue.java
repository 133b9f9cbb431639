package usersapi.token;

import static usersapi.table.UsersTable.TOKEN_QUEUE;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import usersapi.table.UsersTable;

/**
 * Groups concurrent replacements of one user's token, which run in different processes. Each caller adds a ticket to a set in
 * the profile. A caller who is alone replaces the token at once. Of several callers the last one serves all: its transaction
 * removes their tickets with its own. The others read the profile from time to time until their ticket is gone. So hundreds of
 * callers need a few transactions, and nobody waits for a turn.
 *
 * <p>Only a replacement removes a ticket, or the caller who added it. So a caller whose ticket is gone knows that a later
 * caller has replaced the token since. The order decides nothing else: the condition of the transaction protects the token.
 * Now and then another caller goes ahead, because the last one may have ended without a word.
 */
final class ReplacementQueue {

    /** The maximum wait before a caller reads the profile, and the additional time for each ticket in the set. */
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration WAIT_OF_EACH = Duration.ofMillis(10);
    /** How often all callers read, on average, until one of them goes ahead who is not the last. */
    private static final int LOOKS = 4;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final SecureRandom random;

    @Inject
    ReplacementQueue(DynamoDbClient dynamoDb, UsersTable users, SecureRandom random) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
        this.random = random;
    }

    /** The place of a caller. */
    final class Place {

        private final String ticket;
        private final Map<String, AttributeValue> profile;
        private final Set<String> served;
        private int left;

        private Place(String ticket, Map<String, AttributeValue> profile) {
            this.ticket = ticket;
            this.profile = profile;
            var tickets = new HashSet<>(Set.of(ticket));
            Optional.ofNullable(profile.get(TOKEN_QUEUE.name())).ifPresent(set -> tickets.addAll(set.ss()));
            this.served = Set.copyOf(tickets);
            this.left = served.size();
        }

        /** The user's profile as it was when the ticket came in. */
        Map<String, AttributeValue> profile() {
            return profile;
        }

        /** Whether nobody else is replacing the token. */
        boolean isAlone() {
            return served.size() == 1;
        }

        /** The tickets that the caller's transaction removes: its own, and those that were there before. */
        Collection<String> served() {
            return served;
        }

        /** Whether a later caller has served this one, if these are the tickets in the set now. */
        boolean isServed(Collection<String> tickets) {
            left = tickets.size();
            return !tickets.contains(ticket);
        }

        /** Whether this caller, who has waited, is to replace the token: it is the last one, or by chance. */
        boolean isDue(Collection<String> tickets) {
            return served.containsAll(tickets) || random.nextInt(LOOKS * tickets.size()) == 0;
        }

        /** The maximum of the random wait before the next read. */
        Duration untilNextLook() {
            return WAIT.plus(WAIT_OF_EACH.multipliedBy(left));
        }
    }

    /** Adds a ticket; empty if there is no such user. A repeated request adds the same ticket. */
    Optional<Place> join(String userId) {
        var bytes = new byte[6];
        random.nextBytes(bytes);
        var ticket = Base64.getUrlEncoder().encodeToString(bytes);
        return update(userId, "ADD", ticket).map(after -> new Place(ticket, after.attributes()));
    }

    /** Removes the ticket of a caller who does not replace the token after all. */
    void leave(String userId, Place place) {
        update(userId, "DELETE", place.ticket);
    }

    private Optional<UpdateItemResponse> update(String userId, String action, String ticket) {
        try {
            return Optional.of(dynamoDb.updateItem(update -> update.tableName(table)
                    .key(UsersTable.attributes(UsersTable.profile(userId)))
                    .updateExpression(action + " " + TOKEN_QUEUE.name() + " :ticket")
                    .conditionExpression("attribute_exists(" + UsersTable.ID.name() + ")")
                    .expressionAttributeValues(Map.of(":ticket", AttributeValue.fromSs(List.of(ticket))))
                    .returnValues(ReturnValue.ALL_NEW)));
        } catch (ConditionalCheckFailedException gone) {
            return Optional.empty();
        }
    }
}
