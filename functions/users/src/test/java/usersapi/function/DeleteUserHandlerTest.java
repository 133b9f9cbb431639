package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.storage.FileKey;
import usersapi.storage.FileRecord;
import usersapi.storage.FileRepository;
import usersapi.storage.FileSettlement;
import usersapi.storage.StorageTotalsRepository;
import usersapi.table.FilesTable;
import usersapi.table.StorageTotalsTable;
import usersapi.testing.FaultyNetwork;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;
import usersapi.wiring.CoreModule;

class DeleteUserHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final DeleteUserHandler handler = new DeleteUserHandler(TABLES::variable);
    private final DynamoDbClient dynamoDb = CoreModule.dynamoDb(UrlConnectionHttpClient.create(), TABLES::variable);
    private final StorageTotalsRepository totals = new StorageTotalsRepository(dynamoDb,
            new StorageTotalsTable(TABLES::variable));
    private final FileSettlement settlement = new FileSettlement(dynamoDb, new FilesTable(TABLES::variable),
            new StorageTotalsTable(TABLES::variable));
    private final FileRepository files = new FileRepository(CoreModule.enhanced(dynamoDb),
            new FilesTable(TABLES::variable));

    @Test
    void nothingOfTheUserIsLeftButWhatItReports() {
        var items = TABLES.items();
        var user = Invocation.signIn(TABLES, "jane@example.com");
        var token = token(user.userId());
        var session = Invocation.signInAgain(TABLES, user.userId());
        var named = CreateTokenHandlerTest.create(TABLES, user, "{\"label\":\"a\"}").get("access_token").toString();
        store(user.userId(), "a", 5);
        store(user.userId(), "b", 7);

        assertThat(delete(handler, user.userId()).toJson()).isEqualTo("{\"message\":\"ok\",\"deleted\":true,"
                + "\"sessions\":2,\"files\":2,\"file_ids\":[\"a\",\"b\"],\"subscription\":null}");

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + session.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, token)).isFalse();
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, named)).isFalse();
        assertThat(TABLES.items()).as("two files, and the mark").hasSize(items.size() + 3).containsAll(items);
        assertThat(filesOf(user.userId())).containsExactly("a", "b");
        assertThat(mark(user.userId())).containsOnlyKeys("external_id", "entry", "deleted");
        assertThat(Invocation.invoke(new OpenSessionHandler(TABLES::variable), event(user.userId())).string("detail"))
                .isPresent();
    }

    @Test
    void invokedAgainItFindsNothingToDo() {
        var userId = Invocation.signIn(TABLES, "twice@example.com").userId();
        delete(handler, userId);

        assertThat(delete(handler, userId).toJson()).isEqualTo("{\"message\":\"ok\",\"deleted\":false,"
                + "\"sessions\":0,\"files\":0,\"file_ids\":[],\"subscription\":null}");
    }

    @Test
    void theAddressIsFreeForANewUser() {
        var userId = Invocation.signIn(TABLES, "returns@example.com").userId();
        delete(handler, userId);

        var next = Invocation.signIn(TABLES, "Returns@example.com");

        assertThat(next.userId()).isNotEqualTo(userId);
        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + next.sessionId())).isTrue();
    }

    @Test
    void reportsASubscriptionThatStripeGoesOnBilling() {
        var userId = Invocation.signIn(TABLES, "pays@example.com").userId();
        var item = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
        item.putAll(Map.of("plan", AttributeValue.fromS("pro"), "stripe_subscription_id", AttributeValue.fromS("sub_1"),
                "stripe_customer_id", AttributeValue.fromS("cus_1"), "subscription_status",
                AttributeValue.fromS("active"), "billing_revision", AttributeValue.fromN("1"),
                "stripe_subscription_ids", AttributeValue.fromSs(List.of("sub_1"))));
        item.put("current_period_end", AttributeValue.fromS("2027-01-01T00:00:00Z"));
        item.put("cancel_at_period_end", AttributeValue.fromBool(false));
        item.put("payment_failed", AttributeValue.fromBool(false));
        TABLES.put("Users", item);

        var context = new RecordingContext("DeleteUser");
        var answer = Invocation.json(context.invoke(handler, event(userId)));

        assertThat(answer.object("subscription").string("status")).contains("active");
        assertThat(context.lines().getFirst()).contains("\"level\":\"ERROR\"", "\"subscription\":{");
    }

    @Test
    void nothingOfADeletedUserComesBackByFilesThatChangeLaterOrARecount() {
        var userId = Invocation.signIn(TABLES, "late@example.com").userId();
        store(userId, "a", 100);
        store(userId, "b", 10);
        delete(handler, userId);
        assertThat(totals.find(userId).totalBytes()).isZero();

        files.delete(new FileKey(userId, "a"));
        settlement.settle(new FileKey(userId, "a"));
        assertThat(totals.find(userId).totalBytes()).isZero();
        store(userId, "b", 3);

        assertThat(totals.find(userId).totalBytes()).isZero();
        assertThat(Invocation
                .invoke(new RecountStorageHandler(TABLES::variable), Invocation.event("recount-storage", userId))
                .toJson())
                .isEqualTo("{\"message\":\"ok\",\"files\":1,\"changed\":0,\"unsettled\":0,\"next\":null}");
        assertThat(delete(handler, userId).get("deleted")).isEqualTo(false);
        assertThat(countedOf(userId)).containsExactly("total");
    }

    @Test
    void moreFilesThanATransactionHoldsAreTakenOffTheTotalToo() {
        var userId = Invocation.signIn(TABLES, "many@example.com").userId();
        IntStream.range(0, 120).forEach(i -> store(userId, "f" + i, i));

        assertThat(delete(handler, userId).get("files")).isEqualTo(120L);

        assertThat(filesOf(userId)).hasSize(120);
        assertThat(countedOf(userId)).containsExactly("total");
        assertThat(mark(userId)).containsOnlyKeys("external_id", "entry", "deleted");
    }

    @Test
    void goesOnFromItsNextWhereTimeRanOut() {
        var userId = Invocation.signIn(TABLES, "millions@example.com").userId();
        IntStream.range(0, 600).forEach(i -> TABLES.put("StorageTotals",
                Map.of("bytes", AttributeValue.fromN("1")), userId, "file#%04d".formatted(i)));
        store(userId, "a", 5);
        var input = new JsonObject().put("external_id", userId);

        var first = deleteLate(input);
        var second = deleteLate(input.put("from", first.string("next").orElseThrow()));

        assertThat(first.members()).containsEntry("deleted", true).containsEntry("sessions", 1L).containsEntry("files",
                0L);
        assertThat(second.members()).containsEntry("deleted", false).containsEntry("files", 1L)
                .doesNotContainKey("next");
        assertThat(countedOf(userId)).containsExactly("total");
        assertThat(Invocation.invoke(handler, input.put("external_id", "other").toJson()).string("detail"))
                .contains("from: must be the next of an earlier answer to the same input");
    }

    private JsonObject deleteLate(JsonObject input) {
        return Invocation.json(
                new RecordingContext("DeleteUser", Duration.ofSeconds(29)).invoke(handler, input.toJson()));
    }

    @ParameterizedTest(name = "round {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void whateverRacesWithItNoCredentialWorksAfterwards(int round) throws Exception {
        var user = Invocation.signIn(TABLES, "race" + round + "@example.com");
        var userId = user.userId();
        store(userId, "f", 9);
        var cookies = new ArrayList<>(List.of(user.sessionId()));
        var tokens = new ArrayList<>(List.of(token(userId)));
        try (var threads = Executors.newFixedThreadPool(9)) {
            var opening = IntStream.range(0, 4).mapToObj(i -> threads.submit(() -> opened(userId))).toList();
            var regenerating = IntStream.range(0, 2).mapToObj(i -> threads.submit(() -> regenerated(userId))).toList();
            Callable<JsonObject> deletion = () -> delete(new DeleteUserHandler(TABLES::variable), userId);
            var deletions = threads.submit(deletion);
            var settling = threads.submit(() -> store(userId, "f", 4));
            assertThat(deletions.get().get("message")).isEqualTo("ok");
            settling.get();
            for (var session : opening) {
                session.get().ifPresent(cookies::add);
            }
            for (var token : regenerating) {
                token.get().ifPresent(tokens::add);
            }
        }

        assertThat(cookies).noneMatch(id -> AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + id));
        assertThat(tokens).noneMatch(token -> AuthorizerHandlerTest.isBearerAllowed(TABLES, token));
        assertThat(countedOf(userId)).containsExactly("total");
        assertThat(Stream.of("Users", "Credentials").flatMap(table -> TABLES.items(table).stream()))
                .noneMatch(item -> item.toString().contains(userId));
    }

    @ParameterizedTest(name = "round {0}")
    @ValueSource(ints = {1, 2, 3})
    void invokedUntilItAnswersItIsDoneHoweverOftenTheNetworkFails(int round) {
        var items = TABLES.items();
        var user = Invocation.signIn(TABLES, "faults" + round + "@example.com");
        var token = token(user.userId());
        IntStream.range(0, 5).forEach(i -> Invocation.signInAgain(TABLES, user.userId()));
        store(user.userId(), "a", 5);
        files.delete(new FileKey(user.userId(), "a"));
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            network.fail(45, round);
            var faulty = new DeleteUserHandler(
                    TABLES.variables(Map.of("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()))::get);
            var answer = Optional.<JsonObject>empty();
            for (int attempt = 0; attempt < 100 && answer.isEmpty(); attempt++) {
                answer = attempt(faulty, user.userId());
            }
            assertThat(answer).isPresent();
        }

        assertThat(AuthorizerHandlerTest.isAllowed(TABLES, "sessionid=" + user.sessionId())).isFalse();
        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, token)).isFalse();
        var mark = mark(user.userId());
        assertThat(TABLES.items()).containsExactlyInAnyOrderElementsOf(
                Stream.concat(items.stream(), Stream.of(mark)).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":\"\"}", "{\"external_id\":7}"})
    void asksForAUser(String event) {
        assertThat(Invocation.invoke(handler, event).string("detail"))
                .contains("external_id: must be a user's external id");
    }

    private static Optional<JsonObject> attempt(DeleteUserHandler handler, String userId) {
        try {
            return Optional.of(delete(handler, userId));
        } catch (RuntimeException failed) {
            return Optional.empty();
        }
    }

    private static JsonObject delete(DeleteUserHandler handler, String userId) {
        return Invocation.invoke(handler, event(userId));
    }

    private static String event(String userId) {
        return Invocation.event("delete-user", userId);
    }

    private static Optional<String> opened(String userId) {
        return Invocation.invoke(new OpenSessionHandler(TABLES::variable), event(userId)).string("session_id");
    }

    private static Optional<String> regenerated(String userId) {
        var response = Invocation.respond(new RegenerateAccessTokenHandler(TABLES::variable),
                Invocation.event("regenerate-access-token", userId));
        assertThat(response.getStatusCode()).isIn(200, 401);
        return Invocation.json(response.getBody()).string("access_token");
    }

    private static String token(String userId) {
        return Invocation.ok(new GetAccessTokenHandler(TABLES::variable), Invocation.event("get-access-token", userId))
                .string("access_token").orElseThrow();
    }

    private void store(String userId, String fileId, long size) {
        var file = new FileKey(userId, fileId);
        files.put(file, new FileRecord(FileRecord.Status.AVAILABLE, Optional.of(size)));
        settlement.settle(file);
    }

    /** All that stays of a deleted user outside of the files. */
    private static Map<String, AttributeValue> mark(String userId) {
        return TABLES.item("StorageTotals", userId, "total").orElseThrow();
    }

    private static List<String> countedOf(String userId) {
        return TABLES.items("StorageTotals").stream().filter(item -> item.get("external_id").s().equals(userId))
                .map(item -> item.get("entry").s()).toList();
    }

    private static List<String> filesOf(String userId) {
        return TABLES.items("Files").stream().filter(item -> item.get("external_id").s().equals(userId))
                .map(item -> item.get("file_id").s()).toList();
    }
}
