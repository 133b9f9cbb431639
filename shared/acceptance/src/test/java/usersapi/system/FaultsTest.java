package usersapi.system;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.credential.Sha256;
import usersapi.local.LocalGateway;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.Seeded;

/**
 * All functions, on a network to AWS on which more than half of the requests fail: every answer is described and is right or
 * a 500, every write happens completely or not at all, and afterwards everything works again.
 *
 * <p>A seed repeats the same actions and faults, as far as threads allow.
 */
class FaultsTest {

    private static final int CUSTOMERS = 6;
    private static final int STEPS = 35;
    private static final LocalAws AWS = LocalAws.inMemory();

    private static LocalGateway gateway;
    private static FaultyNetwork dynamoDb;
    private static FaultyNetwork secrets;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = new FaultyNetwork(AWS.dynamoDbEndpoint().toString());
        secrets = new FaultyNetwork(AWS.secretsEndpoint().toString());
        gateway = LocalGateway.start(Template.projectDirectory().resolve("template.yaml"),
                AWS.through(dynamoDb.endpoint(), secrets.endpoint()), id -> id, 0);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        dynamoDb.close();
        secrets.close();
        AWS.close();
    }

    @Test
    void everyAnswerIsKnownAndEverythingComesRightInTheEnd() throws Exception {
        Seeded.withRandom(random -> live(random.nextInt(Integer.MAX_VALUE)));
    }

    private static void live(long seed) throws Exception {
        var description = ApiDescription.read();
        var customers = IntStream.range(0, CUSTOMERS).mapToObj(i -> new Customer(gateway.uri(), description,
                operatorsFunctions(), "Customer%d@example.com".formatted(i), seed + i)).toList();
        dynamoDb.fail(60, seed);
        secrets.fail(60, seed);
        try (var threads = Executors.newFixedThreadPool(CUSTOMERS)) {
            var lives = customers.stream().map(customer -> threads.submit(() -> customer.live(STEPS))).toList();
            for (var life : lives) {
                life.get();
            }
        }
        dynamoDb.heal();
        secrets.heal();

        assertThat(dynamoDb.faults()).isGreaterThan(100);
        assertThat(secrets.faults()).isPositive();
        assertThatNothingIsTorn();
        var zones = profiles().collect(toMap(profile -> profile.get("external_id").s(), FaultsTest::zone));
        customers.forEach(customer -> customer.converge(zones));
        assertThatNothingIsTorn();
        assertThatTotalsAreWhatIsCounted();
    }

    private static Map<String, RequestStreamHandler> operatorsFunctions() {
        return Stream.of("RecountStorage", "RevokeSessions", "DeleteUser", "ReencryptTokens")
                .collect(toMap(id -> id, FaultsTest::made));
    }

    private static RequestStreamHandler made(String id) {
        var function = gateway.template().function(id);
        return function.instance(Environment.class, function.environment()::get);
    }

    private static String zone(Map<String, AttributeValue> profile) {
        var zone = profile.get("settings").m().get("tz");
        return zone == null ? "null" : zone.s();
    }

    /**
     * Items that a transaction writes together exist together: each user has one claim and one token, and every item has an
     * owner.
     */
    private static void assertThatNothingIsTorn() {
        var claims = new HashMap<String, String>();
        var tokens = new HashMap<String, String>();
        profiles().forEach(profile -> {
            var id = profile.get("external_id").s();
            claims.put("email#" + Sha256.hex(profile.get("email").s().toLowerCase(Locale.ROOT)), id);
            tokens.put("token#" + profile.get("token_hash").s(), id);
        });
        assertThat(owners("Users", "id", "email#")).isEqualTo(claims);
        assertThat(owners("Credentials", "lookup", "token#")).isEqualTo(tokens);

        var listed = items("Credentials").stream().filter(item -> item.get("lookup").s().startsWith("user#"))
                .map(item -> item.get("lookup").s() + " " + item.get("credential").s()).toList();
        assertThat(owners("Credentials", "lookup", "session#").entrySet().stream()
                .map(session -> "user#" + session.getValue() + " " + session.getKey())).isSubsetOf(listed);
    }

    /** The owners of the items whose key has this prefix, by the key. */
    private static Map<String, String> owners(String table, String key, String prefix) {
        return items(table).stream().filter(item -> item.get(key).s().startsWith(prefix))
                .collect(toMap(item -> item.get(key).s(), item -> item.get("external_id").s()));
    }

    private static void assertThatTotalsAreWhatIsCounted() {
        items("StorageTotals").stream().collect(groupingBy(item -> item.get("external_id").s()))
                .forEach((user, items) -> {
                    var counted = items.stream().filter(item -> item.get("entry").s().startsWith("file#"))
                            .map(item -> new BigInteger(item.get("bytes").n())).toList();
                    var total = items.stream().filter(item -> item.get("entry").s().equals("total"))
                            .map(item -> item.containsKey("deleted")
                                    ? "0 in 0"
                                    : item.get("total_bytes").n() + " in " + item.get("file_count").n())
                            .toList();
                    assertThat(total).as(user).containsExactly(
                            counted.stream().reduce(BigInteger.ZERO, BigInteger::add) + " in " + counted.size());
                });
    }

    private static Stream<Map<String, AttributeValue>> profiles() {
        return items("Users").stream().filter(item -> item.get("id").s().startsWith("user#"));
    }

    private static List<Map<String, AttributeValue>> items(String table) {
        return AWS.items(gateway.template().table(table));
    }
}
