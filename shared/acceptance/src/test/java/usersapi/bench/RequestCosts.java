package usersapi.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import usersapi.lambda.AccessRules;
import usersapi.lambda.Principal;
import usersapi.standin.Events;
import usersapi.standin.Template;
import usersapi.standin.Template.Function;
import usersapi.standin.Template.Route;
import usersapi.standin.stripe.StripeAccount;
import usersapi.storage.FileKey;
import usersapi.storage.FileRecord;
import usersapi.storage.FileRepository;
import usersapi.storage.FileSettlement;
import usersapi.system.ProviderVisit;
import usersapi.system.RunningApi;
import usersapi.table.FilesTable;
import usersapi.table.StorageTotalsTable;
import usersapi.table.UsersTable;
import usersapi.testing.Exchange;
import usersapi.wiring.CoreModule;

/**
 * The costs of requests on AWS: measured calls, units and log lines of successful requests, memory and architecture of
 * template.yaml, and {@link Prices}.
 */
final class RequestCosts {

    /** A line in the format of template.yaml's AccessLogSetting. */
    private static final int ACCESS_LOG_BYTES = 400;

    /** The share of requests that X-Ray samples by default, beyond the first one of each second. */
    private static final double TRACED = 0.05;

    private static final String EVENTS_ORIGIN = "https://app.example.com";
    private static final JsonMapper JSON = new JsonMapper();

    private final Template template = RunningApi.template();
    private final List<Row> rows = new ArrayList<>();
    private final boolean byBearer;
    private final String userId;
    private final String sessionId;
    private String checkoutId;

    /** A line of the table. */
    private record Row(String what, boolean byApi, Optional<Invocation> authorizer, Optional<Invocation> function) {

        String markdown() {
            var invocations = Stream.of(authorizer, function).flatMap(Optional::stream).toList();
            var units = invocations.stream().map(Invocation::units).reduce(CapacityUnits::plus).orElseThrow();
            double api = byApi ? Prices.MILLION_API_REQUESTS : 0;
            double reads = units.read() * Prices.MILLION_READ_UNITS;
            double writes = units.write() * Prices.MILLION_WRITE_UNITS;
            double logBytes = invocations.stream().mapToInt(Invocation::logBytes).sum()
                    + (byApi ? ACCESS_LOG_BYTES : 0);
            double logs = logBytes * 1_000_000 / 1e9 * Prices.GIGABYTE_OF_LOGS;
            double traces = TRACED * Prices.MILLION_TRACES;
            double together = api + invocations.stream().mapToDouble(Invocation::price).sum() + reads + writes + logs
                    + traces;
            return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n".formatted(what, dollars(api),
                    dollars(authorizer.map(Invocation::price).orElse(0.0)),
                    dollars(function.map(Invocation::price).orElse(0.0)), dollars(reads, units.read()),
                    dollars(writes, units.write()), dollars(logs), dollars(traces), dollars(together));
        }
    }

    /**
     * Measures.
     *
     * @param byBearer whether the user sends the access token where it is accepted
     */
    RequestCosts(boolean byBearer) {
        this.byBearer = byBearer;
        var signedIn = signedIn();
        userId = signedIn.path("external_id").asText();
        sessionId = signedIn.path("session_id").asText();
        template.functions().forEach(function -> function.routes().forEach(route -> measure(function, route)));
        var refused = invoke("Authorizer", event("Authorizer"), "denied");
        rows.add(new Row("any of them, refused with 401", true, Optional.of(refused), Optional.empty()));
        without("ProvisionUser", invoke("ProvisionUser", event("ProvisionUser").replace("jane@", userId + "@"), "ok"));
        without("OpenSession", invoke("OpenSession", event("OpenSession"), "ok"));
        without("CloseSession",
                invoke("CloseSession", event("CloseSession", signedIn().path("session_id").asText()), "ok"));
        without("VerifyCredential", invoke("VerifyCredential", event("VerifyCredential", sessionId), "ok"));
        without("SettleStorage", settling());
    }

    private JsonNode signedIn() {
        var email = byBearer ? "costs-bearer@example.com" : "costs-session@example.com";
        return post("/local/sign-in", JSON.createObjectNode().put("email", email));
    }

    private void measure(Function function, Route route) {
        var bearer = byBearer && AccessRules.of(route.method(), route.path()).takes(Principal.Kind.BEARER);
        var authorizer = route.open() ? Optional.<Invocation>empty() : Optional.of(authorizer(route, bearer));
        var event = switch (function.id()) {
            case "StripeWebhook" -> webhookEvent();
            case "EndSession", "SignOut" -> event(function.id(), signedIn().path("session_id").asText());
            case "EndOtherSessions" -> {
                signedIn();
                yield event(function.id(), sessionId);
            }
            case "ListTokens" -> {
                invoke("CreateToken", event("CreateToken", sessionId), "ok");
                yield event(function.id());
            }
            case "GetCurrentUser", "GetAccessToken", "RegenerateAccessToken", "CreateToken" ->
                event(function.id(), sessionId);
            case "EndToken" -> json(event(function.id())).set("pathParameters", namedToken()).toString();
            case "GetCheckoutSession" -> event(function.id()).replace(Events.CHECKOUT, checkoutId);
            case "SignIn" -> route.path().endsWith("/callback")
                    ? callbackEvent(route)
                    : json(event("SignIn")).put("resource", route.path()).toString();
            default -> event(function.id());
        };
        endMinute();
        var invocation = invoke(function.id(), bearer ? withBearer(event) : event, "ok");
        rows.add(new Row("`%s %s/`".formatted(route.method(), route.path()), true, authorizer,
                Optional.of(invocation)));
        if (function.id().equals("CreateCheckoutSession")) {
            checkoutId = json(json(invocation.answer()).path("body").asText()).path("session_id").asText();
            post("/local/stripe/complete", JSON.createObjectNode().put("session_id", checkoutId));
        }
    }

    /** The callback of a person who has signed in before and still has a session. */
    private String callbackEvent(Route route) {
        var person = new ProviderVisit(RunningApi.uri());
        var email = userId + "@costs.example.com";
        person.comeBack(person.begin("/"), email);
        var begun = person.begin("/");
        var event = json(event("SignIn")).put("resource", route.path());
        var query = event.putObject("multiValueQueryStringParameters");
        person.decide(begun, email).forEach((name, value) -> query.putArray(name).add(value));
        event.putObject("multiValueHeaders").putArray("Cookie").add(person.cookies());
        return event.toString();
    }

    /** Makes the next request the first of its minute, because the table is for users with single requests. */
    private void endMinute() {
        RunningApi.AWS.dynamoDb().updateItem(update -> update
                .tableName(new UsersTable(template.environment()::get).name())
                .key(Map.of("id", AttributeValue.fromS("user#" + userId)))
                .updateExpression("REMOVE stripe_minute, stripe_requests"));
    }

    private String withBearer(String event) {
        var changed = json(event.replace("\"SESSION\"", "\"BEARER\""));
        changed.putObject("multiValueHeaders").putArray("Authorization").add("Bearer " + accessToken());
        changed.withObject("/requestContext/authorizer").remove("credentialId");
        return changed.toString();
    }

    private Invocation authorizer(Route route, boolean bearer) {
        var event = json(event("Authorizer")).put("resource", route.path()).put("httpMethod", route.method());
        event.putObject("multiValueHeaders").putArray(bearer ? "Authorization" : "Cookie")
                .add(bearer ? "Bearer " + accessToken() : "sessionid=" + sessionId);
        return invoke("Authorizer", event.toString(), "ok");
    }

    /** The user's current token, which one of the routes replaces. */
    private String accessToken() {
        return Exchange.of(RunningApi.uri(), "GET", "/api/users/me/token/").header("Cookie", "sessionid=" + sessionId)
                .send().json().path("access_token").asText();
    }

    /** Stripe's signed event that the user's subscription has changed. */
    private String webhookEvent() {
        var profile = RunningApi.AWS.dynamoDb().getItem(get -> get
                .tableName(new UsersTable(template.environment()::get).name())
                .key(Map.of("id", AttributeValue.fromS("user#" + userId))))
                .item();
        var event = json(event("StripeWebhook"));
        var body = event.path("body").asText().replace("evt_1", "evt_" + userId).replace("sub_1",
                profile.get("stripe_subscription_ids").ss().getFirst());
        var secret = RunningApi.secret("STRIPE_SECRET");
        var signature = new StripeAccount.Event("evt_" + userId, "customer.subscription.updated", body)
                .signature(json(secret).path("webhook_secrets").asText(), Instant.now());
        event.withObjectProperty("multiValueHeaders").putArray("Stripe-Signature").add(signature);
        return event.put("body", body).toString();
    }

    /** A file's change in a table without a stream, so that no other function settles it. */
    private Invocation settling() {
        var files = new FilesTable("costs-" + userId);
        var table = template.table("Files").request().toBuilder().tableName(files.name())
                .streamSpecification((StreamSpecification) null).build();
        RunningApi.AWS.dynamoDb().createTable(table);
        var client = CoreModule.dynamoDb(UrlConnectionHttpClient.create(), template.environment()::get);
        var file = new FileKey(userId, "holiday.jpg");
        new FileRepository(client, files).put(file,
                new FileRecord(FileRecord.Status.AVAILABLE, Optional.of(15_728_640L)));
        var settlement = new FileSettlement(client, files, new StorageTotalsTable(template.environment()::get));
        var calls = CapacityMeter.during(() -> settlement.settle(file));
        // In the table of the running API the function finds nothing to do, and logs the same line.
        var invocation = invoke("SettleStorage", event("SettleStorage"), "ok");
        return new Invocation(invocation.function(), calls, invocation.answer(), invocation.logBytes());
    }

    private Invocation invoke(String id, String event, String outcome) {
        return Invocation.of(template.function(id), event, outcome);
    }

    /** A function without a route. */
    private void without(String id, Invocation invocation) {
        rows.add(new Row("`%s`".formatted(id), false, Optional.empty(), Optional.of(invocation)));
    }

    /** The id of the user's first named token. */
    private JsonNode namedToken() {
        return JSON.createObjectNode().put("id",
                Exchange.of(RunningApi.uri(), "GET", "/api/users/tokens/").header("Cookie", "sessionid=" + sessionId)
                        .send().json().path("tokens").path(0).path("id").asText());
    }

    /** The event of the function's file, for this user and from this API's frontend. */
    private String event(String id) {
        return event(id, Events.SESSION);
    }

    /** The same, by this session. */
    private String event(String id, String session) {
        var name = id.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        return Events.read(name, userId, session).replace(EVENTS_ORIGIN, RunningApi.uri().toString());
    }

    private static JsonNode post(String path, JsonNode body) {
        return Exchange.of(RunningApi.uri(), "POST", path).body(body.toString()).send().json();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The user of the requests. */
    String userId() {
        return userId;
    }

    /** The authorizer's calls of DynamoDB for each request. */
    List<List<String>> authorizing() {
        return rows.stream().flatMap(row -> row.authorizer.stream()).map(Invocation::operations).toList();
    }

    /** The calls of DynamoDB by the function of each request. */
    Map<String, List<String>> answering() {
        return rows.stream().filter(row -> row.function.isPresent())
                .collect(Collectors.toMap(Row::what, row -> row.function.orElseThrow().operations()));
    }

    /** The table of what a million requests cost. */
    String requests() {
        return rows.stream().map(Row::markdown).collect(Collectors.joining());
    }

    /** The table of what a month costs without any request. */
    static String month(int outcomes, int secrets, int alarmMetrics) {
        return """
                | %d custom metrics: as many as there are outcomes, `ServerErrors` and `SignInErrors` | %s |
                | alarms on %d metrics | %s |
                | the dashboard | %s |
                | %d secrets | %s |
                """.formatted(outcomes + 2, dollars((outcomes + 2) * Prices.METRIC_A_MONTH), alarmMetrics,
                dollars(alarmMetrics * Prices.ALARM_A_MONTH), dollars(Prices.DASHBOARD_A_MONTH), secrets,
                dollars(secrets * Prices.SECRET_A_MONTH));
    }

    private static String dollars(double price) {
        return price == 0 ? "" : String.format(Locale.ROOT, "%.2f", price);
    }

    private static String dollars(double price, double units) {
        return price == 0
                ? ""
                : "%s (%s)".formatted(dollars(price), BigDecimal.valueOf(units).stripTrailingZeros().toPlainString());
    }
}
