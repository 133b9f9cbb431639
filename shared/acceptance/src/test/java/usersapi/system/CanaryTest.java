package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.standin.Events;
import usersapi.standin.Template;
import usersapi.standin.stripe.StripeAccount;
import usersapi.testing.Exchange;
import usersapi.testing.RecordingContext;

/**
 * Nothing from a request, an event or a secret appears in a log line, an exception or an answer, in any encoding. The
 * exceptions for an answer are listed with its request. Ids of users and files and Stripe's ids are not secrets, and belong
 * into the log; only the local server's log has the path.
 */
class CanaryTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Template TEMPLATE = RunningApi.template();
    /** The variables that differ from those of the running API. */
    private Map<String, String> told = Map.of();
    /** Ends the user last. */
    private static final List<Template.Function> FUNCTIONS = TEMPLATE.functions().stream()
            .sorted(Comparator.comparing(function -> function.id().equals("DeleteUser"))).toList();

    private final CredentialDetector detector = new CredentialDetector();
    private final CapturedOutput output = new CapturedOutput();
    private final SignedIn user = SignedIn.as(watched("an e-mail address", canary("a mailbox") + "@example.com"));
    private final String webhookSecret;

    CanaryTest() {
        watched("a session", user.session());
        watched("a CSRF token", user.csrf());
        watched("an access token", user.accessToken());
        secret("TOKEN_KEY_SECRET").properties().stream().filter(member -> !member.getKey().equals("current"))
                .forEach(key -> watched("a key of access tokens", key.getValue().asText()));
        watched("Stripe's key", secret("STRIPE_SECRET").path("api_key").asText());
        webhookSecret = watched("Stripe's signing secret", secret("STRIPE_SECRET").path("webhook_secrets").asText());
    }

    /** Makes the instance that consumes the stream before a test changes the functions' variables. */
    @BeforeAll
    static void settleOnce() throws Exception {
        var user = SignedIn.as("canary-settled@example.com");
        user.request("PUT", "/local/files/a").body("{\"size\": 1, \"status\": \"AVAILABLE\"}").send();
        for (int i = 0; i < 1_000; i++) {
            if (user.request("GET", "/api/users/storage/").send().json().path("file_count").asInt() == 1) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the stream is not read");
    }

    @AfterEach
    void close() {
        output.close();
    }

    /** As long as the longest quotation in an error message, so that it appears whole or not at all. */
    private String canary(String place) {
        return watched(place, OpaqueToken.random(RANDOM).value().substring(0, 40));
    }

    private String credential(String place) {
        return watched(place, OpaqueToken.random(RANDOM).value());
    }

    /** Watches its first half too, because a text may be truncated. */
    private String watched(String name, String value) {
        detector.watch(name, value);
        detector.watch("the beginning of " + name, value.substring(0, value.length() / 2));
        return value;
    }

    private static JsonNode secret(String variable) {
        return json(RunningApi.secret(variable));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertSilent(String what, String text, String... answered) {
        var rest = text;
        for (var value : answered) {
            rest = rest.replace(value, "");
        }
        assertThat(detector.find(rest)).as("%s: %s", what, text).isEmpty();
    }

    /** When the server has logged the last request, it has logged all, because it answered them one after the other. */
    private void assertOutputIsSilent() throws InterruptedException {
        var last = Exchange.of(RunningApi.uri(), "GET", "/local/health").send().header("x-amzn-RequestId")
                .orElseThrow();
        for (int i = 0; i < 1_000 && !output.text().contains("{\"requestId\":\"" + last); i++) {
            Thread.sleep(10);
        }
        assertThat(output.text()).contains("{\"requestId\":\"" + last);
        output.text().lines().forEach(line -> assertSilent("the log", line));
    }

    /** Sends a request with a canary in its query and in meaningless headers. */
    private int send(Exchange request, String... answered) {
        var reply = request.header("User-Agent", canary("User-Agent")).header("Referer", "https://" + canary("Referer"))
                .header("X-Amz-Security-Token", canary("a header"))
                .header("Proxy-Authorization", "Basic " + canary("a password")).header("Cookie",
                        "other=" + canary("another cookie"))
                .send();
        assertSilent(reply.response().request().method() + " " + reply.response().uri().getPath(), reply.text(),
                answered);
        reply.response().headers().map().forEach((name, values) -> assertSilent(name, values.toString()));
        return reply.status();
    }

    private String query(String path) {
        return path + "?access_token=%s&%s=1".formatted(canary("a parameter"), canary("a parameter's name"));
    }

    @Test
    void nothingThatAClientSendsIsRepeated() throws Exception {
        var statuses = new TreeSet<Integer>();
        for (var operation : ApiDescription.read().operations()) {
            var method = operation.method();
            var path = query(operation.parameter()
                    .map(parameter -> operation.path().replace(parameter, canary("an id in a path")))
                    .orElse(operation.path()));
            // In another session, because some operations end it.
            var caller = SignedIn.as(email());
            watched("a session", caller.session());
            watched("a CSRF token", caller.csrf());
            var nobody = List.<Consumer<Exchange>>of(request -> {},
                    request -> request.header("Cookie", "sessionid=" + credential("an unknown session")),
                    request -> request.header("Cookie", "sessionid=" + canary("no session")),
                    request -> request.header("Authorization", "Bearer " + credential("an unknown token")),
                    request -> request.header("Authorization", "Basic " + credential("credentials of another scheme")),
                    request -> request.header("Authorization", credential("an unknown scheme")),
                    request -> request.header("Stripe-Signature",
                            "t=%d,v1=%s".formatted(Instant.now().getEpochSecond(), canary("a signature"))),
                    request -> request.header("Stripe-Signature", canary("no signature")));
            for (var credentials : nobody) {
                var request = Exchange.of(RunningApi.uri(), method, path)
                        .body("{\"tz\": \"%s\", \"plan\": \"%1$s\"}".formatted(canary("a body")));
                credentials.accept(request);
                statuses.add(send(request));
            }
            statuses.add(send(caller.request(method, path).header("X-CSRFToken", credential("another CSRF token")),
                    shownBy(method, path)));
            statuses.add(send(caller.changing(method, path).header("Origin", "https://" + canary("an origin")),
                    shownBy(method, path)));
            for (var body : List.of("{\"tz\": \"UTC\", \"%s\": 1}", "{\"tz\": \"UTC\", \"a\": %s}",
                    "{\"tz\": \"%s\"", "%s", "{\"tz\": \"UTC\", \"plan\": [\"%s\"]}", "{\"%s\": 1e999999999999}",
                    "{\"tz\": \"UTC\", \"plan\": \"pro\", \"password\": \"%s\"}")) {
                statuses.add(send(caller.changing(method, path).body(body.formatted(canary("a body"))),
                        shownBy(method, path)));
            }
            // A detail may quote an invalid value or key.
            var mistaken = canary("a mistaken value");
            statuses.add(send(caller.changing(method, path)
                    .body("{\"tz\": \"%s\", \"plan\": \"%1$s\"}".formatted(mistaken)),
                    Stream.concat(Stream.of(shownBy(method, path)), Stream.of(mistaken)).toArray(String[]::new)));
            statuses.add(send(caller.changing(method, path).body("{\"%s\": 1, \"%1$s\": 2}".formatted(mistaken)),
                    Stream.concat(Stream.of(shownBy(method, path)), Stream.of(mistaken)).toArray(String[]::new)));
            statuses.add(send(caller.changing(method, path).header("X-Long", canary("a header").repeat(500))));
            statuses.add(send(Exchange.of(RunningApi.uri(), "DELETE", path)));
        }

        for (var path : List.of("/%s/", "/api/users/%s/", "/api/users/sessions/%s/more/", "/local/%s",
                "/local/files/%s",
                "/local/stripe/c/pay/%s", "/local/queues/%s", "/%s.js")) {
            Exchange.of(RunningApi.uri(), "GET", path.formatted(canary("a path"))).send();
        }
        assertThat(statuses).contains(200, 400, 401, 403, 404, 431);
        assertOutputIsSilent();
        assertThat(FUNCTIONS.stream().filter(function -> !function.routes().isEmpty()))
                .allSatisfy(function -> assertThat(output.text()).contains("\"function\":\"" + function.id() + "\""));
    }

    /** The credentials that the route shows: the user's token, and for «Get current user» the address too. */
    private String[] shownBy(String method, String path) {
        return switch (method + " " + path.replaceFirst("\\?.*", "")) {
            case "GET /api/users/me/" -> new String[]{user.accessToken(), email()};
            case "GET /api/users/me/token/" -> new String[]{user.accessToken()};
            default -> new String[0];
        };
    }

    private String email() {
        return profile().get("email").s();
    }

    private Map<String, AttributeValue> profile() {
        return RunningApi.profile(user.externalId());
    }

    @Test
    void aNewAccessTokenIsSaidToItsUserOnly() throws Exception {
        var reply = user.changing("POST", "/api/users/me/token/regenerate/").send();
        var token = watched("a new access token", reply.json().path("access_token").asText());

        assertSilent("the answer", reply.text(), token);
        assertThat(send(Exchange.of(RunningApi.uri(), "GET", "/api/users/me/")
                .header("Authorization", "Bearer " + token), token, email())).isEqualTo(200);
        assertOutputIsSilent();
    }

    @Test
    void aNamedTokenAndItsLabelAreSaidToTheirUserOnly() throws Exception {
        var label = canary("a label");
        var made = user.namedToken("{\"label\": \"%s\"}".formatted(label));
        var token = watched("a named token", made.path("access_token").asText());

        assertSilent("the answer", made.toString(), token, label);
        assertThat(send(user.request("GET", "/api/users/tokens/"), label)).isEqualTo(200);
        assertThat(send(Exchange.of(RunningApi.uri(), "GET", "/api/users/me/")
                .header("Authorization", "Bearer " + token), token, email())).isEqualTo(200);
        assertThat(send(user.changing("POST", "/api/users/tokens/")
                .body("{\"label\": \"%s\\u202e\"}".formatted(canary("a label that is refused"))))).isEqualTo(400);
        assertThat(send(user.changing("DELETE", "/api/users/tokens/%s/".formatted(made.path("id").asText()))))
                .isEqualTo(200);
        assertOutputIsSilent();
    }

    @Test
    void aCiphertextThatIsNotTheUsersIsAnOutageAndNothingIsSaidOfIt() throws Exception {
        var other = SignedIn.as("canary-other@example.com");
        watched("another's access token", other.accessToken());
        var own = profile();
        var sealed = own.get("token").s();
        var others = RunningApi.profile(other.externalId()).get("token").s();
        var dot = sealed.indexOf('.');
        for (var wrong : List.of(others, sealed.substring(0, sealed.length() - 1) + (sealed.endsWith("A") ? "Q" : "A"),
                sealed.substring(0, dot + 3), "k0" + sealed.substring(dot), canary("a ciphertext"),
                "." + canary("a ciphertext"))) {
            RunningApi.put("Users", own, Map.of("token", AttributeValue.fromS(wrong)));
            for (var path : List.of("/api/users/me/", "/api/users/me/token/")) {
                assertThat(send(user.request("GET", query(path)))).isEqualTo(500);
            }
        }
        assertOutputIsSilent();
        assertThat(output.text()).contains("\"outcome\":\"failed\"", "UndecryptableTokenException");

        // The way out.
        var renewed = user.regenerated();
        assertThat(user.accessToken()).isEqualTo(renewed);
    }

    /** Invokes a function as Lambda does, and checks its answer, exception and log. */
    private String invoke(Template.Function function, String event, String... answered) {
        return invoke(function, made(function), event, answered);
    }

    private String invoke(Template.Function function, RequestStreamHandler handler, String event, String... answered) {
        var context = new RecordingContext(function.id());
        String answer;
        try {
            answer = context.invoke(handler, event);
        } catch (RuntimeException e) {
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            answer = trace.toString();
        }
        assertSilent(function.id() + "'s answer", answer, answered);
        assertThat(context.lines()).isNotEmpty()
                .allSatisfy(line -> assertSilent(function.id() + "'s log", line));
        return answer;
    }

    @Test
    void aFunctionWithoutRouteSaysNothingThatItsEventHolds() throws Exception {
        for (var function : FUNCTIONS) {
            if (function.routes().isEmpty()) {
                var handler = made(function);
                for (var member : List.of("email", "external_id", "session_id", "all", "from", "Records", "password",
                        "authorization",
                        "cookie", "csrf_token")) {
                    for (var value : List.of("\"%s\"", "{\"%s\": 1}", "%s")) {
                        invoke(function, handler,
                                "{\"%s\": %s}".formatted(member, value.formatted(credential(member))));
                    }
                }
                invoke(function, handler, Events.read(Events.nameOf(function)).replaceFirst("\\{",
                        "{\"password\": \"%s\", ".formatted(canary("a member of an event"))));
            }
        }
        var mailbox = canary("a mailbox") + "@example.com";
        var provisioned = json(invoke(TEMPLATE.function("ProvisionUser"), "{\"email\": \"%s\"}".formatted(mailbox)));
        var event = "{\"external_id\": \"%s\"}".formatted(provisioned.path("external_id").asText());
        var opened = json(invoke(TEMPLATE.function("OpenSession"), event));
        invoke(TEMPLATE.function("CloseSession"), "{\"session_id\": \"%s\"}"
                .formatted(watched("a session", opened.path("session_id").asText())));
        invoke(TEMPLATE.function("ExportUser"), event, mailbox);
        for (var id : List.of("RecountStorage", "ReencryptTokens", "RevokeSessions", "DeleteUser")) {
            assertThat(json(invoke(TEMPLATE.function(id), event)).path("message").asText()).isEqualTo("ok");
        }
        assertOutputIsSilent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "STRIPE_API_BASE"})
    void nothingThatAServiceQuotesIsRepeated(String endpoint) throws Exception {
        var failed = new ArrayList<String>();
        var shown = new String[]{user.accessToken(), email()};
        try (var service = new EchoingServer()) {
            under(Map.of(endpoint, service.endpoint(), "AWS_SECRET_ACCESS_KEY", canary("AWS's secret key")),
                    () -> FUNCTIONS.forEach(function -> {
                        var answer = invoke(function, event(function), shown);
                        if (answer.contains("Internal") || answer.contains("Unexpected error")
                                || answer.contains("itemIdentifier")) {
                            failed.add(function.id());
                        }
                    }));
            assertThat(failed).containsAll(switch (endpoint) {
                // A beginning sign-in writes nothing.
                case "AWS_ENDPOINT_URL_DYNAMODB" ->
                    FUNCTIONS.stream().map(Template.Function::id).filter(id -> !id.equals("SignIn")).toList();
                case "STRIPE_API_BASE" -> List.of("CreateCheckoutSession", "StripeWebhook");
                default -> List.of("GetCurrentUser", "GetAccessToken", "RegenerateAccessToken", "StripeWebhook");
            });
        }
        assertOutputIsSilent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "{\"current\": \"%s\"}", "{\"current\": \"k\", \"k\": [\"%s\"]}",
            "{\"%s\": 1, \"%1$s\": 1}",
            "{\"api_key\": \"%s\", \"webhook_secrets\": \"%1$s\"}"})
    void nothingOfAMalformedSecretIsRepeated(String form) throws Exception {
        var id = "canary-" + RANDOM.nextLong();
        RunningApi.AWS.putSecret(id, form.formatted(canary("a secret")));
        var shown = new String[]{user.accessToken(), email()};
        under(Map.of("TOKEN_KEY_SECRET", id, "STRIPE_SECRET", id),
                () -> FUNCTIONS.stream().filter(function -> function.policies().toString().contains("secretsmanager"))
                        .forEach(function -> invoke(function, event(function), shown)));
        assertOutputIsSilent();
    }

    /** Runs a step with these variables. */
    private void under(Map<String, String> variables, Runnable step) {
        told = variables;
        try {
            step.run();
        } finally {
            told = Map.of();
        }
    }

    private RequestStreamHandler made(Template.Function function) {
        Environment environment = name -> told.getOrDefault(name, function.environment().get(name));
        return function.instance(Environment.class, environment);
    }

    /** The event of {@code events/} for the user, with its credentials and more canaries. */
    private String event(Template.Function function) {
        var event = (ObjectNode) json(Events.read(Events.nameOf(function), user.externalId(), user.session())
                .replace("https://app.example.com", RunningApi.uri().toString()));
        if (event.has("email")) {
            event.put("email", canary("a mailbox") + "@example.com");
        }
        if (event.has("session_id")) {
            event.put("session_id", credential("a session"));
        }
        if (event.has("multiValueHeaders")) {
            var headers = event.withObject("/multiValueHeaders");
            headers.putArray("X-CSRFToken").add(credential("a CSRF token"));
            headers.putArray("Cookie").add("sessionid=" + credential("a session"));
            headers.putArray("X-Amz-Security-Token").add(canary("a header"));
            if (headers.has("Stripe-Signature")) {
                var signed = new StripeAccount.Event("", "", event.path("body").asText());
                headers.putArray("Stripe-Signature").add(signed.signature(webhookSecret, Instant.now()));
            }
            event.withObject("/queryStringParameters").put("token", canary("a parameter"));
        }
        return event.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "a%sb", "BASE64"})
    void aCanaryThatIsSaidIsFound(String form) {
        var canary = canary("a canary");
        var said = form.equals("BASE64")
                ? Base64.getEncoder().encodeToString(("x" + canary).getBytes(StandardCharsets.UTF_8))
                : form.formatted(canary);

        System.out.println("one line");
        System.err.println("{\"member\":\"%s\"}".formatted(said));

        assertThat(detector.find(output.text())).isPresent();
        assertThat(detector.find(output.text().replace(said, ""))).isEmpty();
    }
}
