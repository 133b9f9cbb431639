package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** Very many requests for one user at once: all succeed, and they do not slow each other down too much. */
class BurstTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final int MAX_TRANSACTIONS_PER_SUCCESS = 3;
    /** SessionsPerUser of template.yaml. */
    private static final int MAX_SESSIONS = 50;

    @Test
    void allOf200RegenerationsAtOnceSucceedAndTheLastTokenIsValid() throws Exception {
        var user = Invocation.signIn(TABLES, "burst@example.com");
        var event = Invocation.event("regenerate-access-token", user);
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var handler = new RegenerateAccessTokenHandler(through(network));
            // Loads the classes before the burst.
            IntStream.range(0, 20).forEach(i -> regenerated(handler, event));
            int before = network.transactions();

            var tokens = atOnce(200, () -> regenerated(handler, event));

            assertThat(network.transactions() - before).isLessThanOrEqualTo(MAX_TRANSACTIONS_PER_SUCCESS * 200);
            assertThat(tokens).doesNotHaveDuplicates();
            var shown = Invocation.shownToken(TABLES, user);
            assertThat(tokens.stream().filter(token -> isThere("token#", token))).containsExactly(shown);
            assertThat(TABLES.item("Users", "user#" + user.userId()).orElseThrow()).doesNotContainKey("token_queue");
        }
    }

    @Test
    void nobodyWaitsForATicketWhoseHolderIsGone() throws Exception {
        var user = Invocation.signIn(TABLES, "never-came@example.com");
        var event = Invocation.event("regenerate-access-token", user);
        var ticket = "%012x".formatted(System.currentTimeMillis()) + "000000";
        TABLES.client().updateItem(update -> update.tableName(TABLES.name("Users"))
                .key(TABLES.template().table("Users").key("user#" + user.userId()))
                .updateExpression("ADD token_queue :ticket").expressionAttributeValues(
                        Map.of(":ticket", AttributeValue.fromSs(List.of(ticket)))));
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var handler = new RegenerateAccessTokenHandler(through(network));

            assertThat(atOnce(5, () -> regenerated(handler, event))).doesNotHaveDuplicates();
            int before = network.transactions();
            regenerated(handler, event);

            assertThat(network.transactions() - before).as("nobody is waited for any more").isEqualTo(1);
        }
    }

    @Test
    void signInsOfOneUserAreNotInEachOthersWay() throws Exception {
        var user = Invocation.signIn(TABLES, "sign-ins@example.com");
        var event = Invocation.event("open-session", user.userId());
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var handler = new OpenSessionHandler(through(network));

            var answers = atOnce(70, () -> Invocation.invoke(handler, event));

            assertThat(answers).extracting(answer -> answer.get("message")).containsOnly("ok");
            assertThat(network.transactions()).as("no two of them write the same item").isEqualTo(70);
            assertThat(answers.stream().map(answer -> answer.string("session_id").orElseThrow())
                    .filter(id -> isThere("session#", id))).hasSize(MAX_SESSIONS);
        }
    }

    private static Environment through(FaultyNetwork network) {
        return TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get;
    }

    private static String regenerated(RegenerateAccessTokenHandler handler, String event) {
        var context = new RecordingContext("RegenerateAccessToken",
                TABLES.template().function("RegenerateAccessToken").timeout());
        var answer = Invocation.json(context.invoke(handler, event));
        assertThat(answer.get("statusCode")).as("%s", context.lines()).isEqualTo(200L);
        return Invocation.json(answer.string("body").orElseThrow()).string("access_token").orElseThrow();
    }

    private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
        var answers = new ArrayList<T>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(Stream.generate(() -> call).limit(times).toList())) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private static boolean isThere(String kind, String credential) {
        var key = kind + new OpaqueToken(credential).sha256();
        return TABLES.item("Credentials", key, key).isPresent();
    }
}
