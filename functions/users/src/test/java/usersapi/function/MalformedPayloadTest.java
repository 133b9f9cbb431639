package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.config.Environment;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** A payload that is not a JSON object is refused like any other invalid input: a failed invocation would be retried. */
class MalformedPayloadTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    /** Each payload, and what to correct. */
    private static final Map<String, String> PAYLOADS = Map.of(
            "null", "payload: not a JSON object",
            "[]", "payload: not a JSON object",
            "\"x\"", "payload: not a JSON object",
            "5", "payload: not a JSON object",
            "", "payload: empty",
            " ", "payload: empty",
            "{\"external_id\":\"a\",\"external_id\":\"b\"}", "payload: duplicate key \"external_id\"",
            "{\"a\":{\"b\":1,\"b\":2}}", "payload: duplicate key \"b\"",
            "{\"external_id\":", "payload: not valid JSON at line 1 column 16",
            "{} {}", "payload: text after the JSON object");

    static Stream<String> functions() {
        return TABLES.template().functions().stream().filter(function -> function.codeUri().contains("users.zip"))
                .map(Template.Function::id)
                // These answer differently: VerifyCredentialHandlerTest, SettleStorageHandlerTest.
                .filter(id -> !Set.of("VerifyCredential", "SettleStorage").contains(id));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void isRefusedWithAMessageAndADetail(String id) {
        var function = TABLES.template().function(id).instance(Environment.class, TABLES::variable);
        var items = TABLES.items();

        PAYLOADS.forEach((payload, detail) -> {
            var context = new RecordingContext(id);
            var answer = Invocation.json(context.invoke(function, payload));

            assertThat(answer.members()).as(payload)
                    .isEqualTo(Map.of("message", "Unexpected error", "detail", detail));
            assertThat(context.lines()).singleElement().asString().contains("\"outcome\":\"invalid\"");
        });
        assertThat(TABLES.items()).isEqualTo(items);
    }
}
