package usersapi.system;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.local.LocalGateway;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.LocalAws;
import usersapi.testing.LocalTable;
import usersapi.testing.Template;

/**
 * All functions, on a network to AWS of which more than half of the requests fail: every answer is one that the API's
 * description knows and the right one or a 500, every write is all or nothing, and when the network is well again so is
 * everything else.
 *
 * <p>{@code -Dfaults.seed=N} does the same things with the same faults again, as far as threads allow.
 */
class FaultsTest {

    private static final int CUSTOMERS = 6;
    private static final int STEPS = 35;
    private static final long SEED = Long.getLong("faults.seed", new Random().nextInt(Integer.MAX_VALUE));
    private static final LocalAws AWS = LocalAws.inMemory();

    private static Properties before;
    private static LocalGateway gateway;
    private static FaultyNetwork dynamoDb;
    private static FaultyNetwork secrets;

    /** Functions find their surroundings by system properties: those of the other tests' API come back afterwards. */
    @BeforeAll
    static void start() throws Exception {
        assertThat(RunningApi.uri()).isNotNull();
        before = (Properties) System.getProperties().clone();
        gateway = LocalGateway.start(Template.houseDirectory().resolve("template.yaml"), AWS, id -> id, 0);
        dynamoDb = FaultyNetwork.toDynamoDb();
        secrets = FaultyNetwork.toSecretsManager();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        dynamoDb.close();
        secrets.close();
        AWS.close();
        System.setProperties(before);
    }

    @Test
    void everyAnswerIsKnownAndEverythingComesRightInTheEnd() throws Exception {
        System.out.println("-Dfaults.seed=" + SEED);
        try {
            live();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("to repeat: -Dfaults.seed=" + SEED, e);
        }
    }

    private static void live() throws Exception {
        var description = ApiDescription.read();
        var customers = IntStream.range(0, CUSTOMERS).mapToObj(i -> new Customer(gateway.uri(), description,
                operatorsFunctions(), "Customer%d@example.com".formatted(i), SEED + i)).toList();
        dynamoDb.fail(60, SEED);
        secrets.fail(60, SEED);
        try (var threads = Executors.newFixedThreadPool(CUSTOMERS)) {
            var lives = customers.stream().map(customer -> threads.submit(() -> customer.live(STEPS))).toList();
            for (var life : lives) {
                life.get();
            }
        }
        dynamoDb.heal();
        secrets.heal();

        assertThat(customers.stream().mapToInt(Customer::failures).sum()).isPositive();
        assertThatTheTableIsWhole();
        var zones = profiles(items()).collect(toMap(profile -> profile.get("external_id").s(),
                profile -> profile.containsKey("tz") ? profile.get("tz").s() : "null"));
        customers.forEach(customer -> customer.converge(zones));
        assertThatTheTableIsWhole();
        assertThatTotalsAreWhatIsCounted();
    }

    private static Map<String, RequestStreamHandler> operatorsFunctions() {
        var template = Template.read(LocalTable.PARAMETERS, id -> id);
        return Stream.of("RecountStorage", "RevokeSessions", "DeleteUser", "ReencryptTokens")
                .collect(toMap(id -> id, id -> template.function(id).instance()));
    }

    /** What transactions keep together is together: each user has one claim and one token, and nothing is nobody's. */
    private static void assertThatTheTableIsWhole() {
        var items = items();
        var expected = new ArrayList<Map<String, String>>();
        profiles(items).forEach(profile -> {
            var id = profile.get("external_id").s();
            expected.add(Map.of("pk", "EMAIL#" + profile.get("email").s().toLowerCase(Locale.ROOT), "owner", id));
            expected.add(Map.of("pk", "TOKEN#" + profile.get("token_hash").s(), "owner", id));
        });
        assertThat(items).filteredOn(item -> item.get("pk").s().matches("(EMAIL|TOKEN)#.*"))
                .map(item -> Map.of("pk", item.get("pk").s(), "owner", item.get("external_id").s()))
                .containsExactlyInAnyOrderElementsOf(expected);

        var listed = items.stream().filter(item -> item.get("sk").s().startsWith("SESSION#"))
                .map(item -> item.get("pk").s() + " " + item.get("sk").s()).toList();
        assertThat(items).filteredOn(item -> item.get("pk").s().startsWith("SESSION#"))
                .map(item -> "USER#" + item.get("external_id").s() + " " + item.get("pk").s())
                .isSubsetOf(listed);

        var recorded = profiles(items).filter(profile -> profile.containsKey("billing_revision"))
                .mapToLong(profile -> Long.parseLong(profile.get("billing_revision").n())).sum();
        assertThat(items).filteredOn(item -> item.get("pk").s().startsWith("EVENT#"))
                .as("an event counts once").hasSizeGreaterThanOrEqualTo((int) recorded);
    }

    private static void assertThatTotalsAreWhatIsCounted() {
        items().stream().filter(item -> item.get("pk").s().startsWith("USER#"))
                .collect(groupingBy(item -> item.get("pk").s())).forEach((user, items) -> {
                    var counted = items.stream().filter(item -> item.get("sk").s().startsWith("COUNTED#"))
                            .map(item -> new BigInteger(item.get("bytes").n())).toList();
                    var total = items.stream().filter(item -> item.get("sk").s().equals("STORAGE"))
                            .map(item -> item.get("total_bytes").n() + " in " + item.get("file_count").n()).toList();
                    assertThat(total.isEmpty() ? List.of("0 in 0") : total).as(user).containsExactly(
                            counted.stream().reduce(BigInteger.ZERO, BigInteger::add) + " in " + counted.size());
                });
    }

    private static Stream<Map<String, AttributeValue>> profiles(List<Map<String, AttributeValue>> items) {
        return items.stream().filter(item -> item.get("sk").s().equals("PROFILE"));
    }

    private static List<Map<String, AttributeValue>> items() {
        return AWS.dynamoDb()
                .scanPaginator(scan -> scan.tableName(System.getProperty("TABLE_NAME")).consistentRead(true)).items()
                .stream().toList();
    }
}
