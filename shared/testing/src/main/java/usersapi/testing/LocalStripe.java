package usersapi.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stripe's API over HTTP, as far as this API calls it, and over the HTTP that Stripe's libraries speak:
 * form-encoded parameters, bearer keys, versions, idempotency keys, errors in Stripe's shape. What Stripe would refuse it
 * refuses; what it does not know it refuses too.
 *
 * @see <a href="https://docs.stripe.com/api">Stripe API reference</a>
 */
public final class LocalStripe implements AutoCloseable {

    /**
     * A request that arrived.
     *
     * @param headers by name in lower case
     * @param parameters decoded, by Stripe's nested names as {@code line_items[0][price]}
     */
    public record Request(String method, String path, Map<String, String> headers, Map<String, String> parameters) {}

    /** How the next request is answered instead. */
    public enum Fault {
        /** 429 and Retry-After. */
        RATE_LIMITED(429,
                "{\"error\":{\"type\":\"rate_limit_error\",\"code\":\"rate_limit\",\"message\":\"Slow down\"}}"),
        /** 500, Stripe's own. */
        ERROR(500, "{\"error\":{\"type\":\"api_error\",\"message\":\"Sorry\"}}"),
        /** 400, for what Stripe thinks of the request, though there is such an object. */
        REFUSED(400, "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Not with this account\"}}"),
        /** 402, a card declined. */
        DECLINED(402,
                "{\"error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"generic_decline\","
                        + "\"message\":\"Declined\"}}"),
        /** 200 with a page of some proxy. */
        PAGE(200, "<html><body>Welcome to the hotel's network</body></html>"),
        /** 200 with JSON that says nothing. */
        EMPTY_OBJECT(200, "{}"),
        /** 200 with JSON that is no object. */
        NULL(200, "null"),
        /** 503 without a body. */
        NO_BODY(503, ""),
        /** Half of what was announced, then the end of the connection. */
        HALF(200, "{\"id\":\"cs_test_half\",\"object\":\"checkout.session\",\"url\":\"https://"),
        /** No byte, until the server closes. */
        SILENT(0, "");

        private final int status;
        private final String body;

        Fault(int status, String body) {
            this.status = status;
            this.body = body;
        }
    }

    private record Saved(Request request, ObjectNode answer) {}

    private static final JsonMapper JSON = new JsonMapper();

    private final StripeAccount account;
    private final Optional<URI> pages;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final Queue<Runnable> steps = new ArrayDeque<>();
    private final Map<String, Saved> idempotent = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private String apiKey;

    private LocalStripe(String apiKey, Set<String> prices, Optional<URI> pages, InetSocketAddress address) {
        this.apiKey = apiKey;
        this.pages = pages;
        account = new StripeAccount(prices);
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw ServerStartException.listening(address, "aws.port", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Starts one that knows these prices and takes this key. */
    public static LocalStripe start(String apiKey, Set<String> prices) {
        return new LocalStripe(apiKey, prices, Optional.empty(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /**
     * Starts one whose customers are led to pages under {@code pages}: {@code c/pay/ID} and {@code p/session/ID}.
     *
     * @param address where it listens; port 0 is any that is free
     * @throws ServerStartException if the port cannot be had
     */
    public static LocalStripe start(String apiKey, Set<String> prices, URI pages, InetSocketAddress address) {
        return new LocalStripe(apiKey, prices, Optional.of(pages), address);
    }

    /** Where it listens: the API's base. */
    public URI endpoint() {
        return Endpoints.of(server.getAddress());
    }

    /** What is in the account, and what happens to it outside the API. */
    public StripeAccount account() {
        return account;
    }

    /** What has arrived so far. */
    public List<Request> requests() {
        return requests;
    }

    /** Takes this key from now on, and no other. */
    public synchronized void roll(String key) {
        apiKey = key;
    }

    /** Answers the next requests so, one each. */
    public synchronized void fail(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** Answers as it should again, whatever faults are left. */
    public synchronized void heal() {
        faults.clear();
    }

    /** Runs this once, when the next request's answer is made but not yet sent: the answer is then of before. */
    public synchronized void beforeNextAnswer(Runnable step) {
        steps.add(step);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = read(exchange);
            requests.add(request);
            var fault = nextFault();
            if (fault.isPresent()) {
                fail(exchange, fault.get());
                return;
            }
            exchange.getResponseHeaders().set("Request-Id", "req_" + UUID.randomUUID().toString().substring(0, 13));
            try {
                var answer = once(request, exchange);
                nextStep().ifPresent(Runnable::run);
                send(exchange, 200, JSON.writeValueAsBytes(answer));
            } catch (StripeAccount.Refusal e) {
                send(exchange, e.status(), JSON.writeValueAsBytes(e.body()));
            }
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        var headers = new LinkedHashMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT),
                String.join(",", values)));
        var parameters = new LinkedHashMap<String, String>();
        var query = exchange.getRequestURI().getRawQuery();
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (var pair : (body.isEmpty() && query != null ? query : body).split("&", -1)) {
            var parts = pair.split("=", 2);
            if (parts.length == 2) {
                parameters.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return new Request(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers, parameters);
    }

    /** The same answer for the same idempotency key; only for a request that went through, as Stripe does. */
    private synchronized ObjectNode once(Request request, HttpExchange exchange) throws StripeAccount.Refusal {
        var headers = request.headers();
        if (!headers.getOrDefault("authorization", "").equals("Bearer " + apiKey)) {
            throw new StripeAccount.Refusal(401, null, null, "Invalid API Key provided");
        }
        var version = headers.getOrDefault("stripe-version", "");
        if (!version.matches("20\\d\\d-\\d\\d-\\d\\d(\\.[a-z]+)?")) {
            throw new StripeAccount.Refusal(400, null, null, "Invalid Stripe API version: " + version);
        }
        exchange.getResponseHeaders().set("Stripe-Version", version);
        if (request.method().equals("POST") && !headers.getOrDefault("content-type", "")
                .startsWith("application/x-www-form-urlencoded")) {
            throw new StripeAccount.Refusal(400, null, null, "Invalid content type");
        }
        var key = headers.get("idempotency-key");
        if (key == null || request.method().equals("GET")) {
            return act(request);
        }
        exchange.getResponseHeaders().set("Idempotency-Key", key);
        if (key.length() > 255) {
            throw new StripeAccount.Refusal(400, null, null, "Idempotency keys have up to 255 characters");
        }
        var before = idempotent.get(key);
        if (before == null) {
            var answer = act(request);
            idempotent.put(key, new Saved(request, answer.deepCopy()));
            return answer;
        }
        if (!before.request.path().equals(request.path())
                || !before.request.parameters().equals(request.parameters())) {
            throw new StripeAccount.Refusal(400, "idempotency_error", null, null,
                    "Keys for idempotent requests can only be used with the same parameters they were first used with.");
        }
        exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
        return before.answer;
    }

    private ObjectNode act(Request request) throws StripeAccount.Refusal {
        var path = request.path();
        var id = path.substring(path.lastIndexOf('/') + 1);
        var route = path.replaceFirst("^/v1/(checkout/sessions|subscriptions)/[^/]+$", "/v1/$1/:id");
        return switch (request.method() + " " + route) {
            case "POST /v1/checkout/sessions" -> account.createSession(request.parameters(), pages());
            case "GET /v1/checkout/sessions/:id" -> account.session(id);
            case "GET /v1/subscriptions/:id" -> account.subscription(id);
            case "POST /v1/billing_portal/sessions" -> account.createPortalSession(request.parameters(), pages());
            default -> throw new StripeAccount.Refusal(404, null, null,
                    "Unrecognized request URL (%s: %s).".formatted(request.method(), path));
        };
    }

    private URI pages() {
        return pages.orElseGet(this::endpoint);
    }

    private synchronized Optional<Fault> nextFault() {
        return Optional.ofNullable(faults.poll());
    }

    private synchronized Optional<Runnable> nextStep() {
        return Optional.ofNullable(steps.poll());
    }

    private void fail(HttpExchange exchange, Fault fault) throws IOException {
        switch (fault) {
            case SILENT -> {
                try {
                    closing.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case HALF -> {
                exchange.sendResponseHeaders(fault.status, fault.body.length() * 2L);
                exchange.getResponseBody().write(fault.body.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
            case RATE_LIMITED, ERROR, REFUSED, DECLINED, PAGE, EMPTY_OBJECT, NULL, NO_BODY -> {
                exchange.getResponseHeaders().set("Request-Id", "req_" + fault.name().toLowerCase(Locale.ROOT));
                exchange.getResponseHeaders().set("Retry-After", "3600");
                send(exchange, fault.status, fault.body.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
