package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import usersapi.testing.Exchange;
import usersapi.testing.RecordingContext;

/**
 * A user with random actions of users, operators and other services, on a network that may fail. It knows the right answers,
 * and what must be true afterwards. A failed request may have taken effect or not.
 */
final class Customer {

    private static final List<String> ZONES = List.of("\"UTC\"", "\"Europe/Zurich\"", "\"Asia/Tokyo\"", "null");
    private static final int MAX_ATTEMPTS = 200;

    private final URI api;
    private final ApiDescription description;
    private final Map<String, RequestStreamHandler> operatorsFunctions;
    private final String email;
    private final Random random;
    private boolean mayFail = true;

    private String userId;
    private SignedIn session;
    private final Set<SignedIn> open = new HashSet<>();
    private final Set<SignedIn> ended = new HashSet<>();
    private final Set<SignedIn> doubtful = new HashSet<>();
    private final Set<String> tokens = new HashSet<>();
    /** The valid token; empty while it is unknown. */
    private Optional<String> token = Optional.empty();
    private final Set<String> possibleZones = new HashSet<>();
    private final Map<String, Long> files = new HashMap<>();
    private Optional<String> checkout = Optional.empty();
    /** The checkout's subscription at Stripe; empty before it is paid. */
    private Optional<String> subscription = Optional.empty();

    /**
     * A customer without an account.
     *
     * @param operatorsFunctions the functions without a route, by their ids
     */
    Customer(URI api, ApiDescription description, Map<String, RequestStreamHandler> operatorsFunctions, String email,
            long seed) {
        this.api = api;
        this.description = description;
        this.operatorsFunctions = operatorsFunctions;
        this.email = email;
        random = new Random(seed);
    }

    /** Makes this number of random actions. */
    void live(int steps) {
        for (int i = 0; i < steps; i++) {
            for (int attempt = 0; session == null; attempt++) {
                assertThat(attempt).isLessThan(MAX_ATTEMPTS);
                signIn();
            }
            switch (random.nextInt(20)) {
                case 0 -> signIn();
                case 1 -> signOut();
                case 2 -> show();
                case 3 -> read("/api/users/me/token/").ifPresent(this::shown);
                case 4 -> showByToken();
                case 5, 6 -> regenerate();
                case 7, 8 -> settings();
                case 9 -> read("/api/users/storage/");
                case 10, 11 -> file();
                case 12, 13, 14 -> billing();
                case 15 -> read("/api/users/stripe/subscription/");
                case 16 -> changing("POST", "/api/users/stripe/portal/", "", 200, 400);
                case 17 -> operate("RecountStorage");
                case 18 -> operate("ReencryptTokens");
                default -> {
                    if (random.nextBoolean()) {
                        revoke();
                    } else {
                        delete();
                    }
                }
            }
        }
    }

    /** Checks the final state, on a network without faults. */
    void converge(Map<String, String> zoneByUser) {
        mayFail = false;
        signIn();
        show();
        for (var other : tokens) {
            boolean valid = token.orElseThrow().equals(other);
            send("GET", "/api/users/me/", bearer(other), valid ? 200 : 401);
        }
        for (var each : open) {
            send("GET", "/api/users/me/", each.request("GET", "/api/users/me/"), 200);
        }
        revoke();
        for (var each : ended) {
            send("GET", "/api/users/me/", each.request("GET", "/api/users/me/"), 401);
        }
        signIn();
        assertThat(possibleZones).as("zones of %s", userId).contains(zoneByUser.getOrDefault(userId, "null"));
        operate("RecountStorage");
        assertThat(read("/api/users/storage/").orElseThrow().text()).isEqualTo("{\"total_bytes\":%d,\"file_count\":%d}"
                .formatted(files.values().stream().mapToLong(Long::longValue).sum(), files.size()));
        // Stripe repeats the events that the webhook failed.
        subscription.ifPresent(status -> atStripe("pay"));
        assertThat(read("/api/users/stripe/subscription/").orElseThrow().json().path("status").textValue())
                .isEqualTo(subscription.orElse(null));
    }

    private void signIn() {
        var reply = SignedIn.signIn(api, email).send();
        if (failed(reply)) {
            return;
        }
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        session = SignedIn.of(api, reply);
        open.add(session);
        if (userId == null) {
            possibleZones.add("null");
        } else {
            assertThat(session.externalId()).isEqualTo(userId);
        }
        userId = session.externalId();
    }

    private void signOut() {
        var leaving = session;
        session = null;
        open.remove(leaving);
        var reply = leaving.request("POST", "/local/sign-out").send();
        if (failed(reply)) {
            doubtful.add(leaving);
        } else {
            assertThat(reply.status()).as(reply.text()).isEqualTo(204);
            ended.add(leaving);
        }
    }

    private void show() {
        read("/api/users/me/").ifPresent(reply -> {
            assertThat(reply.json().path("external_id").asText()).isEqualTo(userId);
            shown(reply);
        });
    }

    private void shown(Exchange.Reply reply) {
        var now = reply.json().path("access_token").asText();
        token.ifPresent(known -> assertThat(now).isEqualTo(known));
        tokens.add(now);
        token = Optional.of(now);
    }

    private void showByToken() {
        token.ifPresent(valid -> tokens.stream().skip(random.nextInt(tokens.size())).findFirst().ifPresent(
                any -> send("GET", "/api/users/me/", bearer(any), any.equals(valid) ? 200 : 401)));
    }

    private Exchange bearer(String value) {
        return Exchange.of(api, "GET", "/api/users/me/").header("Authorization", "Bearer " + value);
    }

    private void regenerate() {
        token = Optional.empty();
        changing("POST", "/api/users/me/token/regenerate/", "", 200).ifPresent(reply -> {
            assertThat(tokens).doesNotContain(reply.json().path("access_token").asText());
            shown(reply);
        });
    }

    private void settings() {
        var zone = ZONES.get(random.nextInt(ZONES.size()));
        if (changing("PATCH", "/api/users/settings/", "{\"tz\": %s}".formatted(zone), 200).isPresent()) {
            possibleZones.clear();
        }
        possibleZones.add(zone.replace("\"", ""));
    }

    private void file() {
        var id = "f" + random.nextInt(3);
        var path = "/local/files/" + id;
        if (random.nextInt(3) == 0) {
            if (isWritten(session.request("DELETE", path).send())) {
                files.remove(id);
            }
        } else {
            long size = random.nextLong(1L << 40);
            var body = "{\"size\": %d, \"status\": \"AVAILABLE\"}".formatted(size);
            if (isWritten(session.request("PUT", path).body(body).send())) {
                files.put(id, size);
            }
        }
    }

    /** The stand-in of the file service writes only if the authorizer has answered. */
    private boolean isWritten(Exchange.Reply reply) {
        assertThat(reply.status()).isIn(204, 401);
        return reply.status() == 204;
    }

    private void billing() {
        if (checkout.isEmpty()) {
            // The request is refused until the end of the last subscription is recorded.
            changing("POST", "/api/users/stripe/checkout/", "{\"plan\": \"pro\"}", 200, 400)
                    .filter(reply -> reply.status() == 200)
                    .ifPresent(reply -> checkout = Optional.of(reply.json().path("session_id").asText()));
        } else if (subscription.isEmpty()) {
            atStripe("complete");
        } else {
            var hasEnded = subscription.get().equals("canceled");
            atStripe(hasEnded ? "pay" : List.of("fail-payment", "pay", "cancel").get(random.nextInt(3)));
        }
    }

    /** Stripe does not fail, but its events may not reach the webhook. */
    private void atStripe(String action) {
        var reply = Exchange.of(api, "POST", "/local/stripe/" + action)
                .body("{\"session_id\": \"%s\"}".formatted(checkout.orElseThrow())).send();
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        for (var answer : reply.json().path("events").findValuesAsText("answer")) {
            assertThat(answer).isIn(mayFail ? List.of("200", "500") : List.of("200"));
        }
        subscription = Optional.of(switch (action) {
            case "fail-payment" -> "past_due";
            case "cancel" -> "canceled";
            case "pay" -> subscription.filter("canceled"::equals).orElse("active"); // nothing brings back an ended one
            default -> "active";
        });
    }

    private void revoke() {
        session = null;
        doubtful.addAll(open);
        open.clear();
        if (operate("RevokeSessions").isPresent()) {
            ended.addAll(doubtful);
            doubtful.clear();
        }
    }

    /** Repeats the deletion until it succeeds, as an operator does. */
    private void delete() {
        for (int attempt = 0; operate("DeleteUser").isEmpty(); attempt++) {
            assertThat(attempt).isLessThan(MAX_ATTEMPTS);
        }
        userId = null;
        session = null;
        ended.addAll(open);
        ended.addAll(doubtful);
        open.clear();
        doubtful.clear();
        token = Optional.empty();
        possibleZones.clear();
        files.clear();
        checkout = Optional.empty();
        subscription = Optional.empty();
    }

    /** Invokes a function for this user; empty if it failed. */
    private Optional<String> operate(String function) {
        var context = new RecordingContext(function);
        try {
            var answer = context.invoke(operatorsFunctions.get(function),
                    "{\"external_id\": \"%s\"}".formatted(userId));
            assertThat(answer).startsWith("{\"message\":\"ok\"");
            return Optional.of(answer);
        } catch (RuntimeException e) {
            assertThat(mayFail).as("%s: %s", function, context.lines()).isTrue();
            return Optional.empty();
        }
    }

    private Optional<Exchange.Reply> read(String path) {
        return send("GET", path, session.request("GET", path), 200);
    }

    private Optional<Exchange.Reply> changing(String method, String path, String body, Integer... expected) {
        return send(method, path, session.changing(method, path).body(body), expected);
    }

    /** Sends a request of the API; empty if it failed, for which only the answers to an outage are right. */
    private Optional<Exchange.Reply> send(String method, String path, Exchange request, Integer... expected) {
        var reply = request.send();
        description.check(method, path, reply.status(), reply.text());
        if (failed(reply)) {
            return Optional.empty();
        }
        assertThat(List.of(expected)).as("%s %s: %s", method, path, reply.text()).contains(reply.status());
        return Optional.of(reply);
    }

    private boolean failed(Exchange.Reply reply) {
        boolean failed = reply.status() == 500;
        assertThat(failed && !mayFail).as(reply.text()).isFalse();
        return failed;
    }
}
