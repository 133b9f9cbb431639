package usersapi.billing;

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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.function.RecountStorageHandler;
import usersapi.function.RegenerateAccessTokenHandler;
import usersapi.json.JsonObject;
import usersapi.standin.Events;
import usersapi.standin.stripe.Fault;
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

@Timeout(120)
class DeleteUserHandlerTest {

    @RegisterExtension
    static final BillingFixture BILLING = new BillingFixture();

    private static final LocalTables TABLES = BILLING.tables();
    private static final UserFunctions USERS = new UserFunctions(TABLES);

    private final DeleteUserHandler handler = new DeleteUserHandler(BILLING::variable);
    private final DynamoDbClient dynamoDb = CoreModule.dynamoDb(UrlConnectionHttpClient.create(), TABLES::variable);
    private final StorageTotalsRepository totals = new StorageTotalsRepository(dynamoDb,
            new StorageTotalsTable(TABLES::variable));
    private final FileSettlement settlement = new FileSettlement(dynamoDb, new FilesTable(TABLES::variable),
            new StorageTotalsTable(TABLES::variable));
    private final FileRepository files = new FileRepository(dynamoDb,
            new FilesTable(TABLES::variable));

    @Test
    void tellsTheAccountsHistoryOnce() {
        var event = "{\"external_id\":\"%s\"}".formatted(USERS.provision("history@example.com"));
        var context = new RecordingContext("DeleteUser");

        context.invoke(handler, event);
        assertThat(context.lines().getLast()).contains("\"account_event\":\"user_deleted\"");
        context.invoke(handler, event);
        assertThat(context.lines().getLast()).doesNotContain("account_event");
    }

    @Test
    void leavesNothingOfTheUserButTheReportedItems() {
        var items = TABLES.items();
        var userId = USERS.provision("jane@example.com");
        var sessions = List.of(USERS.open(userId).orElseThrow(), USERS.open(userId).orElseThrow());
        var token = USERS.token(userId, sessions.getFirst());
        var named = USERS.named(userId, sessions.getFirst());
        store(userId, "a", 5);
        store(userId, "b", 7);

        assertThat(delete(handler, userId).toJson()).isEqualTo("{\"message\":\"ok\",\"deleted\":true,"
                + "\"sessions\":2,\"files\":2,\"file_ids\":[\"a\",\"b\"],\"subscription\":null,\"customer\":null}");

        assertThat(sessions).noneMatch(USERS::isSessionValid);
        assertThat(USERS.isTokenValid(token)).isFalse();
        assertThat(USERS.isTokenValid(named)).isFalse();
        assertThat(TABLES.items()).as("two files, and the mark").hasSize(items.size() + 3).containsAll(items);
        assertThat(filesOf(userId)).containsExactly("a", "b");
        assertThat(mark(userId)).containsOnlyKeys("external_id", "entry", "deleted");
        assertThat(USERS.open(userId)).isEmpty();
    }

    @Test
    void invokedAgainItFindsNothingToDo() {
        var userId = USERS.provision("twice@example.com");
        delete(handler, userId);

        assertThat(delete(handler, userId).toJson()).isEqualTo("{\"message\":\"ok\",\"deleted\":false,"
                + "\"sessions\":0,\"files\":0,\"file_ids\":[],\"subscription\":null,\"customer\":null}");
    }

    @Test
    void theAddressIsFreeForANewUser() {
        var userId = USERS.provision("returns@example.com");
        delete(handler, userId);

        var next = USERS.provision("Returns@example.com");

        assertThat(next).isNotEqualTo(userId);
        assertThat(USERS.isSessionValid(USERS.open(next).orElseThrow())).isTrue();
    }

    @Test
    void reportsASubscriptionThatStripeGoesOnBillingAndTheCustomer() {
        var userId = USERS.provision("pays@example.com");
        var subscriptionId = BillingFixture.subscriptionId(BILLING.subscribe(userId, "pro"));
        var customerId = BILLING.customerId(userId);

        var context = new RecordingContext("DeleteUser");
        var answer = BillingFixture.object(context.invoke(handler, event(userId)));

        assertThat(answer.object("subscription").toJson())
                .isEqualTo("{\"status\":\"active\",\"ids\":[\"%s\"]}".formatted(subscriptionId));
        assertThat(answer.string("customer")).contains(customerId);
        assertThat(context.lines().getFirst()).contains("\"level\":\"ERROR\"", "\"subscription\":{");
        assertThat(TABLES.items("Users")).noneMatch(item -> item.toString().contains(userId));
    }

    @Test
    void m9AnOpenCheckoutCannotBePaidAfterwards() {
        var userId = USERS.provision("leaves-open@example.com");
        var sessionId = BILLING.checkout(userId, "pro").body().string("session_id").orElseThrow();

        var answer = delete(handler, userId);

        assertThat(answer.get("deleted")).isEqualTo(true);
        assertThat(answer.get("subscription")).isNull();
        assertThat(BILLING.account().complete(sessionId)).isEmpty();
        assertThat(BILLING.payable(userId)).isEmpty();
    }

    @Test
    void m9ACheckoutThatIsBeingOpenedCannotBePaidAfterwards() {
        var userId = USERS.provision("opens-late@example.com");
        BILLING.checkout(userId, "pro");
        // The request of another plan ends the first one and begins its attempt; then the user is deleted.
        BILLING.stripe().beforeNextAnswer(() -> {});
        BILLING.stripe().beforeNextAnswer(() -> {});
        BILLING.stripe().beforeNextAnswer(() -> delete(new DeleteUserHandler(BILLING::variable), userId));

        var late = BILLING.checkout(userId, "team");

        assertThat(late.status()).isEqualTo(401);
        assertThat(BILLING.payable(userId)).isEmpty();
    }

    @Test
    void m9ACheckoutThatARequestIsAboutToOpenCannotBePaidEither() {
        var userId = USERS.provision("opens-soon@example.com");
        BILLING.checkout(userId, "pro");
        var profile = new HashMap<>(BILLING.profile(userId));
        profile.putAll(Map.of("checkout_number", AttributeValue.fromN("2"), "checkout_price",
                AttributeValue.fromS("price_team")));
        TABLES.put("Users", profile);

        delete(handler, userId);

        assertThat(BILLING.account().checkoutSessions()).filteredOn(
                session -> session.path("client_reference_id").asText().equals(userId))
                .extracting(session -> session.path("status").asText()).containsExactly("expired", "expired");
    }

    @Test
    void m9WhoPaysAfterwardsIsNobodyWeKnow() {
        var userId = USERS.provision("pays-late@example.com");
        BILLING.checkout(userId, "pro");
        var customerId = BILLING.customerId(userId);
        delete(handler, userId);

        var response = BILLING.send(new StripeWebhookHandler(BILLING::variable),
                BILLING.account().subscribe(customerId, List.of("price_pro"), Map.of("external_id", userId)));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.log().string("outcome")).contains("unknown_payer");
        assertThat(response.log().string("level")).contains("ERROR");
    }

    @Test
    void m10ASubscriptionOfWhichAnEventComesMeanwhileIsReported() {
        var userId = USERS.provision("pays-meanwhile@example.com");
        var events = BILLING.subscribe(userId, "pro");
        BILLING.account().cancel(BillingFixture.subscriptionId(events));
        // While the subscriptions are read for the report, another one is made, and its event arrives.
        BILLING.stripe().beforeNextAnswer(() -> BILLING.subscribeInDashboard(userId, "price_team")
                .forEach(event -> BILLING.send(new StripeWebhookHandler(BILLING::variable), event)));

        var answer = delete(handler, userId);

        assertThat(answer.get("deleted")).isEqualTo(true);
        assertThat(answer.object("subscription").string("status")).contains("active");
    }

    @Test
    void whileStripeDoesNotAnswerACustomerIsNotDeleted() {
        var userId = USERS.provision("waits@example.com");
        BILLING.checkout(userId, "pro");
        BILLING.stripe().fail(Fault.DECLINED);

        var answer = delete(handler, userId);

        assertThat(answer.string("detail")).contains("Stripe did not answer, so nothing was deleted: invoke it again");
        assertThat(USERS.open(userId)).isPresent();
        assertThat(delete(handler, userId).get("deleted")).isEqualTo(true);
    }

    @Test
    void aCustomerDeletedAtStripeDoesNotHinderIt() {
        var userId = USERS.provision("no-customer@example.com");
        BILLING.checkout(userId, "pro");
        BILLING.account().deleteCustomer(BILLING.customerId(userId));

        assertThat(delete(handler, userId).get("deleted")).isEqualTo(true);
    }

    @Test
    void theAddressGetsANewCustomer() {
        var userId = USERS.provision("comes-back@example.com");
        BILLING.checkout(userId, "pro");
        var customerId = BILLING.customerId(userId);
        delete(handler, userId);

        var next = USERS.provision("comes-back@example.com");
        BILLING.checkout(next, "pro");

        assertThat(BILLING.customerId(next)).isNotEqualTo(customerId);
    }

    @Test
    void nothingOfADeletedUserComesBackByFilesThatChangeLaterOrARecount() {
        var userId = USERS.provision("late@example.com");
        store(userId, "a", 100);
        store(userId, "b", 10);
        delete(handler, userId);
        assertThat(totals.find(userId).totalBytes()).isZero();

        files.delete(new FileKey(userId, "a"));
        settlement.settle(new FileKey(userId, "a"));
        assertThat(totals.find(userId).totalBytes()).isZero();
        store(userId, "b", 3);

        assertThat(totals.find(userId).totalBytes()).isZero();
        assertThat(UserFunctions.invoke(new RecountStorageHandler(TABLES::variable), event(userId)).toJson())
                .isEqualTo("{\"message\":\"ok\",\"files\":1,\"changed\":0,\"unsettled\":0,\"next\":null}");
        assertThat(delete(handler, userId).get("deleted")).isEqualTo(false);
        assertThat(countedOf(userId)).containsExactly("total");
    }

    @Test
    void moreFilesThanATransactionHoldsAreTakenOffTheTotalToo() {
        var userId = USERS.provision("many@example.com");
        IntStream.range(0, 120).forEach(i -> store(userId, "f" + i, i));

        assertThat(delete(handler, userId).get("files")).isEqualTo(120L);

        assertThat(filesOf(userId)).hasSize(120);
        assertThat(countedOf(userId)).containsExactly("total");
        assertThat(mark(userId)).containsOnlyKeys("external_id", "entry", "deleted");
    }

    @Test
    void goesOnFromItsNextWhereTimeRanOut() {
        var userId = USERS.provision("millions@example.com");
        USERS.open(userId);
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
        assertThat(UserFunctions.invoke(handler, input.put("external_id", "0".repeat(32)).toJson()).string("detail"))
                .contains("from: must be the next of an earlier answer to the same input");
    }

    private JsonObject deleteLate(JsonObject input) {
        return BillingFixture.object(
                new RecordingContext("DeleteUser", Duration.ofSeconds(29)).invoke(handler, input.toJson()));
    }

    @ParameterizedTest(name = "round {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void noCredentialWorksAfterwardsAlsoAfterRaces(int round) throws Exception {
        var userId = USERS.provision("race" + round + "@example.com");
        store(userId, "f", 9);
        var cookies = new ArrayList<>(List.of(USERS.open(userId).orElseThrow()));
        var session = cookies.getFirst();
        var tokens = new ArrayList<>(List.of(USERS.token(userId, session)));
        try (var threads = Executors.newFixedThreadPool(9)) {
            var opening = IntStream.range(0, 4).mapToObj(i -> threads.submit(() -> USERS.open(userId))).toList();
            var regenerating = IntStream.range(0, 2).mapToObj(i -> threads.submit(() -> regenerated(userId, session)))
                    .toList();
            Callable<JsonObject> deletion = () -> delete(new DeleteUserHandler(BILLING::variable), userId);
            var deletions = threads.submit(deletion);
            var settling = threads.submit(() -> store(userId, "f", 4));
            assertThat(deletions.get().get("message")).isEqualTo("ok");
            settling.get();
            for (var opened : opening) {
                opened.get().ifPresent(cookies::add);
            }
            for (var token : regenerating) {
                token.get().ifPresent(tokens::add);
            }
        }

        assertThat(cookies).noneMatch(USERS::isSessionValid);
        assertThat(tokens).noneMatch(USERS::isTokenValid);
        assertThat(countedOf(userId)).containsExactly("total");
        assertThat(Stream.of("Users", "Credentials").flatMap(table -> TABLES.items(table).stream()))
                .noneMatch(item -> item.toString().contains(userId));
    }

    @ParameterizedTest(name = "round {0}")
    @ValueSource(ints = {1, 2, 3})
    void invokedUntilItAnswersItIsDoneHoweverOftenTheNetworkFails(int round) {
        var items = TABLES.items();
        var userId = USERS.provision("faults" + round + "@example.com");
        var sessions = IntStream.range(0, 6).mapToObj(i -> USERS.open(userId).orElseThrow()).toList();
        var token = USERS.token(userId, sessions.getFirst());
        store(userId, "a", 5);
        files.delete(new FileKey(userId, "a"));
        try (var network = new FaultyNetwork(TABLES.variable("AWS_ENDPOINT_URL_DYNAMODB"))) {
            network.fail(45, round);
            var faulty = new DeleteUserHandler(BILLING.with("AWS_ENDPOINT_URL_DYNAMODB", network.endpoint()));
            var answer = Optional.<JsonObject>empty();
            for (int attempt = 0; attempt < 100 && answer.isEmpty(); attempt++) {
                answer = attempt(faulty, userId);
            }
            assertThat(answer).isPresent();
        }

        assertThat(sessions).noneMatch(USERS::isSessionValid);
        assertThat(USERS.isTokenValid(token)).isFalse();
        var mark = mark(userId);
        assertThat(TABLES.items()).containsExactlyInAnyOrderElementsOf(
                Stream.concat(items.stream(), Stream.of(mark)).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":\"\"}", "{\"external_id\":7}"})
    void asksForAUser(String event) {
        assertThat(UserFunctions.invoke(handler, event).string("detail"))
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
        return UserFunctions.invoke(handler, event(userId));
    }

    private static String event(String userId) {
        return new JsonObject().put("external_id", userId).toJson();
    }

    private static Optional<String> regenerated(String userId, String sessionId) {
        var response = UserFunctions.invoke(new RegenerateAccessTokenHandler(TABLES::variable),
                Events.read("regenerate-access-token", userId, sessionId));
        assertThat(response.get("statusCode")).isIn(200L, 401L);
        return BillingFixture.object(response.string("body").orElseThrow()).string("access_token");
    }

    private void store(String userId, String fileId, long size) {
        var file = new FileKey(userId, fileId);
        files.put(file, new FileRecord(FileRecord.Status.AVAILABLE, Optional.of(size)));
        settlement.settle(file);
    }

    /** The mark of a deleted user, the only item apart from the files. */
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
