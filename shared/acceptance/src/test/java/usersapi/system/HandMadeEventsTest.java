package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.config.Environment;
import usersapi.standin.Events;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;
import usersapi.testing.LogLine;
import usersapi.testing.RecordingContext;

/**
 * A function that is invoked by hand, with half an event or one of wrong types, says what is wrong. Only a fault of the
 * function is an internal error.
 */
class HandMadeEventsTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final JsonMapper JSON = new JsonMapper();

    /** Nobody listens there, and the name needs no DNS. */
    private static final String NO_PROVIDER = "http://127.0.0.1:1";

    private static final List<String> EVENTS = List.of("{}", "{\"Records\": null}", "{\"Records\": {}}",
            "{\"Records\": []}", "{\"Records\": [1]}", "{\"Records\": [{}]}", "{\"Records\": [{\"dynamodb\": 1}]}",
            "{\"Records\": [{\"dynamodb\": {\"Keys\": {}}}]}", "{\"methodArn\": \"arn:aws:execute-api\"}",
            "{\"methodArn\": \"api/prod\"}", "{\"isBase64Encoded\": true, \"body\": \"%\"}");

    static Stream<Template.Function> functions() {
        return Template.read(LocalTables.PARAMETERS, id -> id).functions().stream();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void isAnsweredByAFunction(Template.Function function) throws JsonProcessingException {
        var deployed = TABLES.template().replacing(Map.of("OIDC_ISSUER", NO_PROVIDER, "OIDC_ENDPOINT_URL", NO_PROVIDER))
                .function(function.id());
        var handler = deployed.instance(Environment.class, deployed.environment()::get);
        var events = new ArrayList<>(EVENTS);
        events.addAll(spoilt(Events.read(Events.nameOf(function), "nobody", "nothing")));
        for (var event : events) {
            var context = new RecordingContext(function.id());

            var answer = JSON.readTree(context.invoke(handler, event));

            assertThat(LogLine.of(context.lines().getLast()).json().path("outcome").asText()).as(event)
                    .isNotEqualTo("failed");
            assertThat(answer.path("statusCode").asInt(200)).as(event).isLessThan(500);
        }
    }

    /** The event without each of its members, and with each as other types. */
    private static List<String> spoilt(String event) throws JsonProcessingException {
        var spoilt = new ArrayList<String>();
        for (var names = JSON.readTree(event).fieldNames(); names.hasNext();) {
            var name = names.next();
            for (JsonNode value : new JsonNode[]{null, JSON.getNodeFactory().booleanNode(true),
                    JSON.createArrayNode().add(7)}) {
                var changed = (ObjectNode) JSON.readTree(event);
                if (value == null) {
                    changed.remove(name);
                } else {
                    changed.set(name, value);
                }
                spoilt.add(changed.toString());
            }
        }
        return spoilt;
    }
}
