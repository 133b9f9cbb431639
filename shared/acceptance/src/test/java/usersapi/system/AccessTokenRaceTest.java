package usersapi.system;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import usersapi.testing.Exchange;

/** Many requests regenerate one user's token at once: all succeed, and at every instant exactly one token is valid. */
class AccessTokenRaceTest {

    private static final int RACERS = 50;

    private final SignedIn user = SignedIn.as("race@example.com");

    @Test
    void servesEveryRacerAndKeepsOneToken() throws InterruptedException, ExecutionException {
        var original = user.accessToken();
        var start = new CountDownLatch(1);
        var over = new AtomicBoolean();
        var replies = new ArrayList<Exchange.Reply>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var probes = List.of(threads.submit(() -> probeOverHttp(over)), threads.submit(() -> probeTheTables(over)));
            var racers = IntStream.range(0, RACERS).mapToObj(racer -> threads.submit(() -> {
                start.await();
                return user.changing("POST", "/api/users/me/token/regenerate/").send();
            })).toList();
            start.countDown();
            try {
                for (var racer : racers) {
                    replies.add(racer.get());
                }
            } finally {
                over.set(true);
            }
            for (var probe : probes) {
                assertThat(probe.get()).as("probes").isPositive();
            }
        }

        assertThat(replies).extracting(Exchange.Reply::status).containsOnly(200);
        var tokens = replies.stream().map(reply -> reply.json().path("access_token").asText()).toList();
        assertThat(tokens).doesNotHaveDuplicates().doesNotContain(original);
        assertThat(tokens.stream().filter(AccessTokenRaceTest::isValid)).containsExactly(user.accessToken());
        assertThat(isValid(original)).isFalse();
        assertThat(RunningApi.items("Credentials")).filteredOn(item -> item.get("lookup").s().startsWith("token#"))
                .filteredOn(item -> item.get("external_id").s().equals(user.externalId())).hasSize(1);
    }

    private static boolean isValid(String token) {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/").header("Authorization", "Bearer " + token).send()
                .status() == 200;
    }

    /** As soon as another token is shown, the one before is invalid. */
    private int probeOverHttp(AtomicBoolean over) {
        var before = user.accessToken();
        int probes = 0;
        while (!over.get()) {
            var now = user.accessToken();
            assertThat(before.equals(now) || !isValid(before)).as("one token at a time").isTrue();
            before = now;
            probes++;
        }
        return probes;
    }

    /** In every consistent view of the tables the profile's token exists, and no earlier one. */
    private int probeTheTables(AtomicBoolean over) {
        var hashes = new HashSet<String>();
        int probes = 0;
        while (!over.get()) {
            List<ItemResponse> view;
            try {
                view = view(hashes);
            } catch (TransactionCanceledException conflict) {
                continue;
            }
            var named = view.getFirst().item().get("token_hash").s();
            var there = view.stream().skip(1).filter(ItemResponse::hasItem)
                    .map(token -> token.item().get("lookup").s().substring("token#".length())).collect(toSet());
            assertThat(there).isEqualTo(hashes.contains(named) ? Set.of(named) : Set.of());
            hashes.add(named);
            probes++;
        }
        return probes;
    }

    /** The profile and the existing ones of these tokens, in one transaction. */
    private List<ItemResponse> view(Set<String> tokenHashes) {
        var gets = new ArrayList<TransactGetItem>();
        gets.add(get("Users", Map.of("id", AttributeValue.fromS("user#" + user.externalId()))));
        tokenHashes.forEach(hash -> {
            var token = AttributeValue.fromS("token#" + hash);
            gets.add(get("Credentials", Map.of("lookup", token, "credential", token)));
        });
        return RunningApi.AWS.dynamoDb().transactGetItems(request -> request.transactItems(gets)).responses();
    }

    private static TransactGetItem get(String table, Map<String, AttributeValue> key) {
        return TransactGetItem.builder().get(get -> get.tableName(RunningApi.table(table)).key(key)).build();
    }
}
