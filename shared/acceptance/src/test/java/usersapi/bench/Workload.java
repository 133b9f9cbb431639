package usersapi.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import usersapi.config.Environment;
import usersapi.standin.Events;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;
import usersapi.standin.Template.Function;
import usersapi.standin.stripe.LocalStripe;
import usersapi.standin.stripe.StripeAccount;
import usersapi.storage.FileKey;
import usersapi.storage.FileRecord;
import usersapi.storage.FileRepository;
import usersapi.table.FilesTable;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;
import usersapi.testing.TlsProxy;
import usersapi.wiring.CoreModule;

/** Events for functions, and the services that they call, which run in this JVM. */
final class Workload {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String STRIPE_KEY = "sk_test_benchmark";
    private static final String WEBHOOK_SECRET = "whsec_benchmark";

    private final Template template;
    private final LocalAws aws = LocalAws.inMemory();
    private final LocalStripe stripe = LocalStripe.start(STRIPE_KEY, Set.of("price_pro", "price_team"));
    private final ProviderServer provider = new ProviderServer("https://app.example.com/api/auth/callback/");
    private final FileRepository files;
    private final Map<String, RequestStreamHandler> handlers = new HashMap<>();

    Workload() {
        template = aws.deploy(Template.read(LocalTables.PARAMETERS, id -> id))
                .replacing(Map.of("STRIPE_API_BASE", stripe.endpoint().toString()))
                .replacing(provider.environment());
        aws.putSecret(template.environment().get("STRIPE_SECRET"), JSON.createObjectNode().put("api_key", STRIPE_KEY)
                .put("webhook_secrets", WEBHOOK_SECRET).toString());
        aws.putSecret(template.environment().get("OIDC_SECRET"),
                JSON.createObjectNode().put("client_secret", ProviderServer.SECRET).toString());
        files = new FileRepository(aws.dynamoDb(), new FilesTable(template.environment()::get));
    }

    Template template() {
        return template;
    }

    /**
     * Where the services are, for a function's environment; with {@code -Dtls=true} by TLS, but for the OpenID provider: it is
     * on the loopback address, where the function takes plain HTTP.
     */
    Map<String, String> environment() throws IOException {
        var services = Map.of("AWS_ENDPOINT_URL_DYNAMODB", aws.dynamoDbEndpoint().toString(),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.secretsEndpoint().toString(),
                "STRIPE_API_BASE", stripe.endpoint().toString());
        if (!Boolean.getBoolean("tls")) {
            return services;
        }
        var tls = new TlsProxy(Files.createTempDirectory("tls"));
        var environment = new HashMap<String, String>();
        services.forEach((name, service) -> environment.put(name, tls.of(service)));
        environment.put("JAVA_TOOL_OPTIONS", String.join(" ", tls.flags()));
        return environment;
    }

    /** The names of the calls of DynamoDB that an invocation makes. */
    List<String> operations(Function function) {
        return Invocation.of(function, event(function), "ok").operations();
    }

    /** All that a first invocation asks of services, for the function by hand. */
    CallsByHand callsByHand(Function function) {
        CallsByHand.fill(aws.dynamoDb(), template.environment().get("CREDENTIALS_TABLE"));
        var event = event(function);
        int before = stripe.requests().size();
        var calls = CapacityMeter.calls(() -> new RecordingContext(function.id()).invoke(made(function.id()), event));
        return CallsByHand.all(calls, verified(function), stripe.requests().subList(before, stripe.requests().size()));
    }

    /** Whether an invocation makes no call but reads, so that it can be repeated. */
    boolean onlyReads(Function function) {
        return operations(function).stream().allMatch(Set.of("GetItem", "Query", "BatchGetItem")::contains);
    }

    /** What of the event the function by hand verifies, as {@link CallsByHand} has it. */
    private static String verified(Function function) {
        return switch (function.id()) {
            case "StripeWebhook" -> "Webhook";
            case "SignIn" -> "Callback";
            default -> "";
        };
    }

    /** An event for the function by hand, which needs a right one only where it verifies it. */
    String eventByHand(Function function) {
        return switch (verified(function)) {
            case "Webhook" -> event(function);
            case "Callback" -> {
                var event = json(Events.read("sign-in"));
                event.putObject("multiValueQueryStringParameters").putArray("code").add(provider.codeByHand());
                yield event.toString();
            }
            default -> Events.read("get-current-user");
        };
    }

    /** An event for a function, of a new user with a session and a file: no invocation finds its work done already. */
    String event(Function function) {
        if (function.id().equals("ProvisionUser")) {
            return event(function, "", "");
        }
        if (function.id().equals("SignIn")) {
            var email = UUID.randomUUID() + "@example.com";
            invoke("SignIn", callback(email));
            return callback(email);
        }
        var user = json(invoke("ProvisionUser", "", "")).path("external_id").asText();
        files.put(new FileKey(user, "holiday.jpg"),
                new FileRecord(FileRecord.Status.AVAILABLE, Optional.of(15_728_640L)));
        return switch (function.id()) {
            case "StripeWebhook" -> webhook(subscribe(user).getLast());
            case "CreatePortalSession" -> {
                subscribe(user).forEach(said -> invoke("StripeWebhook", webhook(said)));
                yield event(function, user, "");
            }
            case "ReconcileSubscriptions" -> {
                subscribe(user).forEach(said -> invoke("StripeWebhook", webhook(said)));
                yield only(user);
            }
            case "ReencryptTokens" -> only(user);
            case "DeleteUser" -> {
                // Stripe is asked only about a user with a customer. An ended subscription leaves nothing to end there.
                var bought = checkout(user);
                stripe.account().complete(bought).orElseThrow().forEach(said -> invoke("StripeWebhook", webhook(said)));
                var subscription = stripe.account().subscriptionOf(bought).orElseThrow();
                invoke("StripeWebhook", webhook(stripe.account().cancel(subscription)));
                yield event(function, user, session(user));
            }
            case "GetCheckoutSession" -> event(function, user, "").replace(Events.CHECKOUT, checkout(user));
            case "EndToken" -> ending(function, user, session(user));
            default -> event(function, user, session(user));
        };
    }

    /** For an operator's function: without it, the function would go over all users. */
    private static String only(String user) {
        return "{\"external_id\": \"%s\"}".formatted(user);
    }

    private String session(String user) {
        return json(invoke("OpenSession", user, "")).path("session_id").asText();
    }

    /** The end of a token that the user has made. */
    private String ending(Function function, String user, String session) {
        invoke("CreateToken", user, session);
        var id = json(json(invoke("ListTokens", user, session)).path("body").asText()).path("tokens").path(0)
                .path("id");
        var event = json(event(function, user, session));
        event.withObjectProperty("pathParameters").set("id", id);
        return event.toString();
    }

    /** The way back from the provider: all that a sign-in does, but for beginning it. */
    private String callback(String email) {
        var begun = json(invoke("SignIn", Events.read("sign-in"))).path("headers");
        var event = json(Events.read("sign-in")).put("resource", "/api/auth/callback");
        var query = event.putObject("multiValueQueryStringParameters");
        provider.signIn(URI.create(begun.path("Location").asText()), email)
                .forEach((name, value) -> query.putArray(name).add(value));
        event.putObject("multiValueHeaders").putArray("Cookie")
                .add(begun.path("Set-Cookie").asText().replaceFirst(";.*", ""));
        return event.toString();
    }

    private String invoke(String id, String user, String session) {
        return invoke(id, event(template.function(id), user, session));
    }

    private String invoke(String id, String event) {
        return new RecordingContext(id).invoke(handlers.computeIfAbsent(id, this::made), event);
    }

    private RequestStreamHandler made(String id) {
        var function = template.function(id);
        return function.instance(Environment.class, function.environment()::get);
    }

    private static String event(Function function, String user, String session) {
        return Events.read(Events.nameOf(function), user, session).replace("jane@", UUID.randomUUID() + "@");
    }

    /** Buys a subscription; gives what Stripe says of that. */
    private List<StripeAccount.Event> subscribe(String user) {
        return stripe.account().complete(checkout(user)).orElseThrow();
    }

    private String checkout(String user) {
        return json(json(invoke("CreateCheckoutSession", user, "")).path("body").asText()).path("session_id").asText();
    }

    private static String webhook(StripeAccount.Event said) {
        var event = json(Events.read("stripe-webhook"));
        event.withObjectProperty("multiValueHeaders").putArray("Stripe-Signature")
                .add(said.signature(WEBHOOK_SECRET, Instant.now()));
        return event.put("body", said.json()).toString();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
