package usersapi.function;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.standin.Template;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.FaultyNetwork.Fault;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/**
 * A write takes effect and its answer is lost, twice: the JDK repeats the request, and then the SDK. The function answers as
 * usual, and nothing is written twice.
 */
class LostAnswerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    /** The result of an invocation: the beginning of its answer, and the items that are there afterwards, by their kind. */
    private record Result(String answer, Map<String, Long> kinds, int requests) {}

    static Stream<String> functions() {
        return TABLES.template().functions().stream().filter(function -> function.codeUri().contains("users.zip"))
                .map(Template.Function::id);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void whicheverAnswerIsLostTheResultIsTheSame(String id) {
        var function = TABLES.template().function(id);
        var undisturbed = invoke(function);
        for (int passed = 0; passed < undisturbed.requests; passed++) {
            var faults = new ArrayList<>(Collections.nCopies(passed, Fault.NONE));
            faults.addAll(Collections.nCopies(2, Fault.LOST_ANSWER));

            var result = invoke(function, faults.toArray(Fault[]::new));

            assertThat(result.requests).as("it is sent again").isGreaterThan(passed + 2);
            assertThat(result.answer).as("answer %d lost", passed).isEqualTo(undisturbed.answer);
            assertThat(result.kinds).as("answer %d lost", passed).isEqualTo(undisturbed.kinds);
        }
    }

    private static Result invoke(Template.Function function, Fault... faults) {
        TABLES.clear();
        var user = Invocation.signIn(TABLES, "john@example.com");
        var event = Invocation.event(function, user);
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            var handler = function.instance(Environment.class,
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
            network.failNext(faults);
            var answer = new RecordingContext(function.id()).invoke(handler, event);
            return new Result(answer.replace(user.userId(), "").substring(0, 18), kinds(), network.requests());
        }
    }

    /** The kinds of items without the entries of sessions: an entry that stays behind is harmless and expires. */
    private static Map<String, Long> kinds() {
        return TABLES.template().tables().stream()
                .flatMap(table -> TABLES.items(table.id()).stream().map(item -> kind(table, item)))
                .filter(kind -> !kind.equals("Credentials[user#, session#]"))
                .collect(groupingBy(kind -> kind, TreeMap::new, counting()));
    }

    private static String kind(Template.Table table, Map<String, AttributeValue> item) {
        return table.id() + table.request().keySchema().stream()
                .map(key -> item.get(key.attributeName()).s().replaceFirst("#.*", "#"))
                .filter(key -> key.endsWith("#") || key.equals("total")).toList();
    }
}
