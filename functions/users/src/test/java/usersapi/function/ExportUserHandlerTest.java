package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

class ExportUserHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final int MAX_ANSWER_BYTES = 6 * 1_024 * 1_024; // Lambda quotas, «Invocation payload»

    private final ExportUserHandler handler = new ExportUserHandler(TABLES::variable);

    @Test
    void tellsAllThatIsStoredAndNoCredentialHashOrCiphertext() {
        var user = Invocation.signIn(TABLES, "Jane@example.com");
        Invocation.signIn(TABLES, "other@example.com");
        var token = Invocation.shownToken(TABLES, user);
        Invocation.ok(new UpdateSettingsHandler(TABLES::variable),
                Invocation.event("update-settings", user.userId()));
        var named = Invocation.json(Invocation.respond(new CreateTokenHandler(TABLES::variable),
                Invocation.event(TABLES.template().function("CreateToken"), user)).getBody())
                .string("access_token").orElseThrow();
        TABLES.put("Files", Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5"),
                "title", AttributeValue.fromS("Holiday"), "preview",
                AttributeValue.fromB(SdkBytes.fromUtf8String("p")), "tags",
                AttributeValue.fromL(List.of(AttributeValue.fromNul(true), AttributeValue.fromBool(true)))),
                user.userId(), "a.jpg");
        Invocation.invoke(new RecountStorageHandler(TABLES::variable),
                "{\"external_id\":\"%s\"}".formatted(user.userId()));

        var answer = export(user.userId(), null);

        assertThat(answer.members()).containsOnlyKeys("message", "user", "settings", "sessions", "tokens", "storage",
                "subscription", "files", "next").containsEntry("message", "ok").containsEntry("next", null);
        assertThat(answer.object("user").members()).containsOnlyKeys("external_id", "email", "created", "modified")
                .containsEntry("external_id", user.userId()).containsEntry("email", "Jane@example.com");
        assertThat(answer.object("settings").string("tz")).isPresent();
        assertThat((List<?>) answer.get("sessions")).singleElement().satisfies(session -> assertThat(
                ((JsonObject) session).members()).containsOnlyKeys("created", "last_seen", "expires"));
        assertThat((List<?>) answer.get("tokens"))
                .extracting(stored -> ((JsonObject) stored).string("kind").orElseThrow())
                .containsExactly("default_token", "named_token");
        assertThat(answer.object("storage").toJson()).isEqualTo("{\"total_bytes\":5,\"file_count\":1}");
        assertThat(answer.get("subscription")).isNull();
        assertThat((List<?>) answer.get("files")).singleElement().satisfies(file -> assertThat(
                ((JsonObject) file).members()).containsEntry("file_id", "a.jpg").containsEntry("title", "Holiday")
                .containsEntry("preview", "cA=="));
        var item = TABLES.item("Users", "user#" + user.userId()).orElseThrow();
        assertThat(answer.toJson()).doesNotContain(named, new OpaqueToken(named).sha256(), token,
                new OpaqueToken(token).sha256(), item.get("token").s(),
                user.sessionId(), new OpaqueToken(user.sessionId()).sha256(), user.csrfToken(),
                new OpaqueToken(user.csrfToken()).sha256(), "other@example.com");
    }

    @Test
    void tellsOfTheSubscription() {
        var userId = Invocation.signIn(TABLES, "pays@example.com").userId();
        var item = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
        item.put("stripe_customer_id", AttributeValue.fromS("cus_1"));
        TABLES.put("Users", item);

        assertThat(export(userId, null).object("subscription").members()).containsEntry("customer_id", "cus_1")
                .containsEntry("plan", "free").containsEntry("status", null);
    }

    @Test
    void filesThatDoNotFitIntoOneAnswerComeInSeveral() {
        var userId = Invocation.signIn(TABLES, "collector@example.com").userId();
        var large = AttributeValue.fromS("x".repeat(350_000));
        IntStream.range(0, 30).forEach(i -> TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("FAILED"), "note", large), userId, "f%02d".formatted(i)));

        var files = new ArrayList<String>();
        String next = null;
        do {
            var answer = export(userId, next);
            assertThat(answer.toJson().getBytes(StandardCharsets.UTF_8).length).isLessThan(MAX_ANSWER_BYTES);
            ((List<?>) answer.get("files"))
                    .forEach(file -> files.add(((JsonObject) file).string("file_id").orElseThrow()));
            next = answer.string("next").orElse(null);
        } while (next != null);

        assertThat(files).hasSize(30).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void anUnknownUserIsNull() {
        assertThat(export("0".repeat(32), null).toJson())
                .isEqualTo("{\"message\":\"ok\",\"user\":null,\"settings\":null,"
                        + "\"sessions\":[],\"tokens\":[],\"storage\":{\"total_bytes\":0,\"file_count\":0},"
                        + "\"subscription\":null,\"files\":[],\"next\":null}");
    }

    @Test
    void logsWhomItIsAboutAndNothingOfTheAnswer() {
        var user = Invocation.signIn(TABLES, "private@example.com");
        var context = new RecordingContext("ExportUser");

        context.invoke(handler, "{\"external_id\":\"%s\"}".formatted(user.userId()));

        assertThat(context.lines()).singleElement().asString().contains(user.userId())
                .doesNotContain("private@example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":\"\"}", "{\"external_id\":7}", "{\"all\":true}"})
    void asksForAUser(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("external_id: must be a user's external id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "7", "{}", "\"\""})
    void takesNoCursorThatItDidNotGive(String from) {
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"%s\",\"from\":%s}".formatted("0".repeat(32), from))
                .string("detail")).contains("from: must be the next of an earlier answer to the same input");
    }

    private JsonObject export(String userId, String from) {
        return Invocation.invoke(handler,
                new JsonObject().put("external_id", userId).put("from", from).toJson());
    }
}
