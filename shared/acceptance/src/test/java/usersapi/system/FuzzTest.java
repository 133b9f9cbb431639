package usersapi.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.lambda.AccessRules;
import usersapi.lambda.Principal;
import usersapi.standin.stripe.StripeAccount;
import usersapi.testing.Exchange;
import usersapi.testing.Seeded;

/**
 * For any request the API answers in JSON, as described and without a failure. It accepts nobody without a valid credential,
 * and a refused request changes nothing.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FuzzTest {

    private static final int BATCH = 400;
    private static final int BATCHES_OF_REFUSALS = 40;
    private static final int BATCHES_OF_ANYTHING = 11;
    private static final int CONNECTIONS = 4;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+(?:[. ][a-z ]+)?)(?:~([0-9]+))?}");

    private static final ApiDescription DESCRIPTION = ApiDescription.read();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, SignedIn> CAST = new HashMap<>();
    private static final Map<String, String> CREDENTIALS = new HashMap<>();
    private static final List<Connection> OPEN = new ArrayList<>();
    /** How often an operation answered with a status. */
    private static final Map<String, AtomicInteger> SEEN = new ConcurrentHashMap<>();
    private static final AtomicInteger SENT = new AtomicInteger();
    /** The credentials of an uninvolved person. */
    private static final Set<String> NOT_TO_BE_SAID = new ConcurrentSkipListSet<>();

    private static ExecutorService threads;
    /** How many of the tests that send requests have ended. */
    private static int done;

    @BeforeAll
    static void signIn() throws Exception {
        for (var name : List.of("jane", "carl", "bert", "lea")) {
            cast(name, SignedIn.as("fuzz-%s@example.com".formatted(name)));
        }
        CREDENTIALS.put("bert.token", CAST.get("bert").accessToken());
        CREDENTIALS.put("bert.named", CAST.get("bert").namedToken("{\"label\": \"fuzz\", \"read_only\": true}")
                .path("access_token").asText());
        // Records its first use, so that no further use within the hour is recorded.
        Exchange.of(RunningApi.uri(), "GET", "/api/users/me/")
                .header("Authorization", "Bearer " + CREDENTIALS.get("bert.named")).send();
        CREDENTIALS.put("origin", RunningApi.uri().toString());
        renew();
        CREDENTIALS.put("jane.checkout", CAST.get("jane").checkout());
        CREDENTIALS.put("carl.checkout", CAST.get("carl").checkout());
        CAST.get("carl").subscribe();
        CREDENTIALS.put("webhook secret",
                JSON.readTree(RunningApi.secret("STRIPE_SECRET")).path("webhook_secrets").asText());
        var bystander = SignedIn.as("fuzz-bystander@example.com");
        NOT_TO_BE_SAID.addAll(List.of(bystander.externalId(), bystander.session(), bystander.csrf(),
                bystander.accessToken(), "fuzz-bystander"));
        threads = Executors.newFixedThreadPool(CONNECTIONS);
        IntStream.range(0, CONNECTIONS).forEach(i -> OPEN.add(new Connection(RunningApi.uri().getPort())));
        while (!items().equals(later())) {
            // Files of other tests may still be settled.
        }
    }

    /** Renews the credentials that requests have ended. */
    private static void renew() {
        for (var name : List.of("jane", "carl", "lea")) {
            var email = "fuzz-%s@example.com".formatted(name);
            if (CAST.get(name).request("GET", "/api/users/me/").send().status() != 200) {
                cast(name, SignedIn.as(email));
            }
            var user = CAST.get(name);
            CREDENTIALS.put(name + ".other", new OpaqueToken(SignedIn.as(email).session()).sha256());
            user.request("GET", "/api/users/tokens/").send().json().path("tokens").findValuesAsText("id")
                    .forEach(id -> user.changing("DELETE", "/api/users/tokens/%s/".formatted(id)).send());
            CREDENTIALS.put(name + ".named", user.namedToken("{\"label\": \"fuzz\"}").path("id").asText());
        }
    }

    private static void cast(String name, SignedIn user) {
        CAST.put(name, user);
        CREDENTIALS.put(name + ".session", user.session());
        CREDENTIALS.put(name + ".csrf", user.csrf());
    }

    private static Set<Map<String, AttributeValue>> later() throws InterruptedException {
        Thread.sleep(300);
        return items();
    }

    /** The whole table without expired sessions, which DynamoDB removes at any time. */
    private static Set<Map<String, AttributeValue>> items() {
        var now = Instant.now().getEpochSecond();
        return RunningApi.items().stream()
                .filter(item -> !item.containsKey("expires") || Long.parseLong(item.get("expires").n()) > now)
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    @Order(1)
    void aRefusedRequestChangesNothing() {
        Seeded.forAll(BATCHES_OF_REFUSALS, RequestGenerators.refusals().list(BATCH, BATCH), requests -> {
            var before = items();

            send(requests).forEach((request, reply) -> assertThat(
                    reply.isRefusal() || reply.status() == 303 || isPage(request, reply))
                    .as("%s%n%s", request, reply.body()).isTrue());

            var changed = new HashSet<>(before);
            var after = items();
            changed.removeAll(after);
            after.removeAll(before);
            changed.addAll(after);
            assertThat(changed).isEmpty();
        });
        done++;
    }

    @Test
    @Order(2)
    void everyAnswerIsAsDescribed() {
        Seeded.forAll(BATCHES_OF_ANYTHING, RequestGenerators.anything().list(BATCH, BATCH), requests -> {
            renew();
            send(requests);
        });
        done++;
    }

    /** Sends requests, and checks what holds for every reply. */
    private static Map<RawRequest, Connection.Reply> send(List<RawRequest> requests) {
        var replies = new ConcurrentHashMap<RawRequest, Connection.Reply>();
        var runs = IntStream.range(0, CONNECTIONS).mapToObj(c -> Executors.callable(() -> {
            for (int i = c; i < requests.size(); i += CONNECTIONS) {
                replies.put(requests.get(i), send(requests.get(i), OPEN.get(c)));
            }
        })).toList();
        var out = System.out;
        // Logging 20,000 requests would take as long as answering them.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
        try {
            for (var run : threads.invokeAll(runs)) {
                run.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            System.setOut(out);
        }
        return replies;
    }

    private static Connection.Reply send(RawRequest request, Connection connection) {
        var sent = request.filledIn(text -> filled(text, request));
        Connection.Reply reply;
        try {
            reply = connection.send(sent);
        } catch (IOException e) {
            throw new UncheckedIOException("no reply to " + request, e);
        }
        SENT.incrementAndGet();
        check(request, sent, reply);
        return reply;
    }

    private static String filled(String text, RawRequest request) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            var value = value(found.group(1), request);
            if (value == null) {
                return Matcher.quoteReplacement(found.group());
            }
            return found.group(2) == null ? value : almost(value, Integer.parseInt(found.group(2)));
        });
    }

    private static String value(String name, RawRequest request) {
        var now = Instant.now();
        return switch (name) {
            case "signature" -> signature(request.body(), now);
            case "signature of another body" -> signature(request.body() + " ", now);
            case "stale signature" -> signature(request.body(), now.minusSeconds(301));
            default -> CREDENTIALS.get(name);
        };
    }

    private static String signature(String body, Instant at) {
        var text = new String(body.getBytes(ISO_8859_1), UTF_8);
        return new StripeAccount.Event("", "", text).signature(CREDENTIALS.get("webhook secret"), at);
    }

    /** The value with one character changed. */
    private static String almost(String value, int at) {
        return value.substring(0, at) + (value.charAt(at) == 'b' ? 'c' : 'b') + value.substring(at + 1);
    }

    /** Whether the reply is the single page, which has no user's data; only paths under {@code /api/} lead to the API. */
    private static boolean isPage(RawRequest request, Connection.Reply reply) {
        return reply.status() == 200 && request.target().matches("/+prod/.*") && switch (request.method()) {
            case "GET" -> reply.body().startsWith("<!doctype html>");
            case "HEAD" -> reply.headers().getOrDefault("content-type", "").startsWith("text/html");
            default -> false;
        };
    }

    private static void check(RawRequest request, RawRequest sent, Connection.Reply reply) {
        var path = sent.target().replaceFirst("\\?.*", "");
        var operation = operation(sent.method(), path);
        SEEN.computeIfAbsent("%s %d".formatted(operation, reply.status()), key -> new AtomicInteger())
                .incrementAndGet();
        var what = "%s%n%d %s".formatted(request, reply.status(), reply.body());
        assertThat(reply.status()).as(what).isLessThan(500);
        assertThat(NOT_TO_BE_SAID).as(what).noneMatch(reply.body()::contains);
        if (isPage(sent, reply)) {
            return;
        }
        assertThat(reply.headers().get("content-type")).as(what).startsWith("application/json");
        if (operation.contains(" /api/auth/") && reply.status() == 303) {
            DESCRIPTION.check(sent.method(), path, reply.status(), reply.body());
            return;
        }
        if (sent.method().equals("HEAD")) {
            return;
        }
        try {
            var body = JSON.readTree(reply.body());
            assertThat(body.isObject()).as(what).isTrue();
            assertThat(!reply.isRefusal() || body.path("message").isTextual()).as(what).isTrue();
        } catch (IOException e) {
            throw new AssertionError(what, e);
        }
        if (!operation.equals("no operation")) {
            DESCRIPTION.check(sent.method(), path, reply.status(), reply.body());
            assertThat(reply.isRefusal() || mayPass(sent, operation)).as(what).isTrue();
        } else if (!sent.method().equals("OPTIONS")) {
            assertThat(reply.isRefusal()).as(what).isTrue();
        }
    }

    private static String operation(String method, String path) {
        return DESCRIPTION.find(method, path).map(known -> known.method() + " " + known.path())
                .orElse("no operation");
    }

    /** Whether the request has everything that its operation requires. */
    private static boolean mayPass(RawRequest sent, String operation) {
        if (operation.endsWith("/webhook/")) {
            return sent.values("Stripe-Signature").contains(signature(sent.body(), Instant.now()))
                    || sent.values("Stripe-Signature").contains(signature(sent.body(), Instant.now().minusSeconds(1)));
        }
        boolean isReadOnly = presentsAsBearer(sent, "bert.named");
        if (isReadOnly && !sent.method().equals("GET")) {
            return false;
        }
        if (isReadOnly || presentsAsBearer(sent, "bert.token")) {
            var parts = operation.replaceFirst("/$", "").split(" ", 2);
            return AccessRules.of(parts[0], parts[1]).takes(Principal.Kind.BEARER);
        }
        if (!sent.values("Authorization").isEmpty()) {
            return false;
        }
        return CAST.values().stream().anyMatch(user -> sent.values("Cookie").toString().contains(user.session())
                && (sent.method().equals("GET") || (sent.values("X-CSRFToken").contains(user.csrf())
                        && List.of(CREDENTIALS.get("origin")).containsAll(sent.values("Origin")))));
    }

    private static boolean presentsAsBearer(RawRequest sent, String name) {
        return sent.values("Authorization").stream().anyMatch(value -> value.contains(CREDENTIALS.get(name)));
    }

    @AfterAll
    static void close() throws IOException {
        threads.shutdown();
        for (var connection : OPEN) {
            connection.close();
        }
    }

    /** Fuzzing must get past the first checks: each operation has given all kinds of answers. */
    @Test
    @Order(3)
    void everyOperationHasAnsweredInEveryWay() {
        assumeTrue(done == 2, "the other tests of this class have not run");
        var seen = new TreeMap<String, Integer>();
        SEEN.forEach((what, count) -> seen.put(what, count.get()));
        System.out.println(seen);
        assertThat(SENT).hasValueGreaterThanOrEqualTo(20_000);
        for (var operation : DESCRIPTION.operations()) {
            var statuses = new TreeSet<Integer>(operation.path().endsWith("/webhook/")
                    ? List.of(200, 400)
                    : operation.path().startsWith("/api/auth/")
                            ? List.of(303)
                            : operation.method().equals("GET") ? List.of(200, 401) : List.of(200, 401, 403));
            if (!operation.method().equals("GET")
                    && operation.path().matches(".*/(settings|checkout|portal|tokens)/")) {
                statuses.add(400);
            }
            if (operation.parameter().isPresent()) {
                statuses.add(404);
                // A request meets an existing id of the user only by chance.
                statuses.remove(200);
            }
            assertThat(seen).containsKeys(statuses.stream()
                    .map(status -> "%s %s %d".formatted(operation.method(), operation.path(), status))
                    .toArray(String[]::new));
        }
        assertThat(seen).containsKeys("no operation 404", "no operation 431", "no operation 200");
    }
}
