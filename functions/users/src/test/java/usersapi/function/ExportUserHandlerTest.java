package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import usersapi.testing.ObjectStore;
import usersapi.testing.Permission;
import usersapi.testing.PermissionRecorder;
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
                .containsEntry("plan", "free").containsEntry("status", null).containsEntry("current_period_end", null)
                .containsEntry("checkout", null);
    }

    @Test
    void tellsOfTheCheckoutAndOfEachTimeOfTheSubscription() {
        var userId = Invocation.signIn(TABLES, "subscribes@example.com").userId();
        var item = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
        item.putAll(Map.of("stripe_subscription_id", AttributeValue.fromS("sub_1"), "plan", AttributeValue.fromS("pro"),
                "subscription_status", AttributeValue.fromS("trialing"), "cancel_at_period_end",
                AttributeValue.fromBool(false), "payment_failed", AttributeValue.fromBool(false), "current_period_end",
                AttributeValue.fromS("2026-12-01T00:00:00Z"), "trial_end",
                AttributeValue.fromS("2026-12-02T00:00:00Z"), "cancel_at",
                AttributeValue.fromS("2026-12-03T00:00:00Z")));
        item.putAll(Map.of("checkout_number", AttributeValue.fromN("3"), "checkout_price",
                AttributeValue.fromS("price_pro"), "checkout_opened", AttributeValue.fromS("2026-11-30T00:00:00Z")));
        TABLES.put("Users", item);

        var subscription = export(userId, null).object("subscription");

        assertThat(subscription.members()).containsEntry("id", "sub_1").containsEntry("status", "trialing")
                .containsEntry("current_period_end", "2026-12-01T00:00:00Z")
                .containsEntry("trial_end", "2026-12-02T00:00:00Z").containsEntry("cancel_at", "2026-12-03T00:00:00Z");
        assertThat(subscription.object("checkout").toJson())
                .isEqualTo("{\"number\":3,\"price\":\"price_pro\",\"opened\":\"2026-11-30T00:00:00Z\"}");
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
    void filesForWhichThereIsNoTimeComeInTheNextAnswer() {
        var userId = Invocation.signIn(TABLES, "hurries@example.com").userId();
        var large = AttributeValue.fromS("x".repeat(350_000)); // a page of DynamoDB has at most 1 MB
        IntStream.range(0, 4).forEach(i -> TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("FAILED"), "note", large), userId, "f" + i));

        var first = Invocation.json(new RecordingContext("ExportUser", Duration.ofSeconds(14)).invoke(handler,
                "{\"external_id\":\"%s\"}".formatted(userId)));
        var second = export(userId, first.string("next").orElseThrow());

        assertThat(((List<?>) first.get("files")).size() + ((List<?>) second.get("files")).size()).isEqualTo(4);
        assertThat(second.get("next")).isNull();
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

        assertThat(context.lines()).singleElement().asString().contains(user.userId(), "\"found\":true")
                .doesNotContain("private@example.com");
    }

    @Test
    void writesEachUsersExportToTheBucketWhichSometimesFails() throws IOException {
        var jane = Invocation.signIn(TABLES, "jane-of-all@example.com").userId();
        var large = AttributeValue.fromS("x".repeat(350_000));
        IntStream.range(0, 13).forEach(i -> TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("FAILED"), "note", large), jane, "f%02d".formatted(i)));
        try (var store = new ObjectStore(TABLES.variable("AWS_SECRET_ACCESS_KEY"))) {
            store.failNext(500, 503);

            var function = writingTo(store);
            var event = new JsonObject().put("all", true).put("run", "run-1");
            int users = 0;
            do {
                var answer = Invocation.invoke(function, event.toJson());
                assertThat(answer.members()).containsOnlyKeys("message", "users", "next").containsEntry("message",
                        "ok");
                users += ((Number) answer.get("users")).intValue();
                event.put("from", answer.get("next"));
            } while (event.get("from") != null);

            assertThat(TABLES.items("Users")).filteredOn(item -> item.get("id").s().startsWith("user#")).hasSize(users);
            var bucket = TABLES.variable("EXPORT_BUCKET");
            var folder = bucket + "/run-1/" + jane;
            assertThat(store.objects().keySet()).filteredOn(key -> key.startsWith(folder))
                    .containsExactly(folder + "/1.json", folder + "/2.json");
            assertThat(store.objects().keySet()).filteredOn(key -> key.endsWith("/1.json")).hasSize(users);
            var parts = new ArrayList<>();
            store.objects().forEach((key, text) -> {
                if (key.startsWith(folder)) {
                    var part = ((JsonObject.Parsed.Valid) JsonObject.parse(text)).object();
                    assertThat(part.object("user").string("email")).contains("jane-of-all@example.com");
                    parts.addAll((List<?>) part.get("files"));
                }
            });
            assertThat(parts).hasSize(13);
            PermissionRecorder.record(ExportUserHandler.class, new Permission("s3:PutObject",
                    LocalTables.logicalId(bucket) + "/*"));
        }
    }

    @Test
    void beginsWithAFurtherUserOnlyIfThereIsTimeForManyFiles() throws IOException {
        TABLES.items("Users").forEach(item -> TABLES.delete("Users", item.get("id").s()));
        Invocation.signIn(TABLES, "one@example.com");
        Invocation.signIn(TABLES, "two@example.com");
        try (var store = new ObjectStore(TABLES.variable("AWS_SECRET_ACCESS_KEY"))) {
            var event = "{\"all\":true,\"run\":\"run-4\"}";

            var hurried = Invocation.json(
                    new RecordingContext("ExportUser", Duration.ofSeconds(119)).invoke(writingTo(store), event));
            var atEase = Invocation.json(
                    new RecordingContext("ExportUser", Duration.ofMinutes(15)).invoke(writingTo(store), event));

            assertThat(hurried.get("users")).isEqualTo(1L);
            assertThat(hurried.string("next")).isPresent();
            assertThat(atEase.toJson()).isEqualTo("{\"message\":\"ok\",\"users\":2,\"next\":null}");
        }
    }

    @Test
    void anInvocationFailsIfTheBucketTakesNothing() throws IOException {
        Invocation.signIn(TABLES, "bucket@example.com");
        try (var store = new ObjectStore("another key")) {
            var context = new RecordingContext("ExportUser");

            assertThatThrownBy(() -> context.invoke(writingTo(store), "{\"all\":true,\"run\":\"run-2\"}"))
                    .hasMessageContaining("see the log");
            assertThat(context.lines()).singleElement().asString().contains("ExportBucket.put");
        }
    }

    @Test
    void namesAUserWhoseDataCannotBeReadAndExportsTheOthers() throws IOException {
        var whole = Invocation.signIn(TABLES, "whole@example.com").userId();
        var broken = Invocation.signIn(TABLES, "broken@example.com").userId();
        var item = new HashMap<>(TABLES.item("Users", "user#" + broken).orElseThrow());
        item.put("current_period_end", AttributeValue.fromS("at no time"));
        TABLES.put("Users", item);
        try (var store = new ObjectStore(TABLES.variable("AWS_SECRET_ACCESS_KEY"))) {
            var context = new RecordingContext("ExportUser");
            var function = writingTo(store);
            var event = new JsonObject().put("all", true).put("run", "run-3").put("segment", 1).put("segments", 1);
            var failed = new ArrayList<Object>();
            do {
                var answer = Invocation.json(context.invoke(function, event.toJson()));
                var names = (List<?>) answer.get("failed_users");
                assertThat(context.lines()).last().asString()
                        .contains(names.isEmpty() ? "\"outcome\":\"ok\"" : "\"outcome\":\"failed\"");
                failed.addAll(names);
                event.put("from", answer.get("next"));
            } while (event.get("from") != null);

            assertThat(failed).containsExactly(broken);
            assertThat(context.lines()).filteredOn(line -> line.contains("DateTimeParseException")).singleElement()
                    .asString().contains(broken).doesNotContain("at no time");
            assertThat(store.objects().keySet()).anyMatch(key -> key.contains(whole))
                    .noneMatch(key -> key.contains(broken));
        } finally {
            TABLES.delete("Users", "user#" + broken);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":\"\"}", "{\"external_id\":7}", "{\"all\":false}"})
    void asksForAUser(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("either external_id: a user's external id, or all: true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"all\":true}", "{\"all\":true,\"run\":\"\"}", "{\"all\":true,\"run\":\"../x\"}"})
    void asksForTheNameOfARunOverAll(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("run: with all: true, a name of at most 80 letters, digits, - and _");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "7", "{}", "\"\""})
    void takesNoCursorThatItDidNotGive(String from) {
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"%s\",\"from\":%s}".formatted("0".repeat(32), from))
                .string("detail")).contains("from: must be the next of an earlier answer to the same input");
    }

    private static ExportUserHandler writingTo(ObjectStore store) {
        return new ExportUserHandler(TABLES.variables(Map.of("AWS_ENDPOINT_URL_S3", store.endpoint()))::get);
    }

    private JsonObject export(String userId, String from) {
        return Invocation.invoke(handler,
                new JsonObject().put("external_id", userId).put("from", from).toJson());
    }
}
