package usersapi.standin.stripe;

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
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
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
import usersapi.standin.Endpoints;
import usersapi.standin.ServerStartException;

/**
 * The part of Stripe's API that the billing functions use, over HTTP as Stripe's libraries expect it: form-encoded
 * parameters, bearer keys, versions, idempotency keys, errors in Stripe's form. It refuses what Stripe refuses, and
 * everything that it does not know.
 *
 * @see <a href="https://docs.stripe.com/api">Stripe API reference</a>
 */
public final class LocalStripe implements AutoCloseable {

    /**
     * A request that arrived.
     *
     * @param headers by name in lower case
     * @param parameters decoded, by Stripe's nested names such as {@code line_items[0][price]}
     */
    public record Request(String method, String path, Map<String, String> headers, Map<String, String> parameters) {}

    private record Answer(int status, ObjectNode body) {}

    private static final JsonMapper JSON = new JsonMapper();

    private final StripeAccount account;
    private final IdempotencyKeys keys;
    private final RateLimit limit;
    private final Optional<URI> pages;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final Queue<Runnable> steps = new ArrayDeque<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private String apiKey;

    /** Options to start one. */
    public static final class Builder {
        private final String apiKey;
        private final Set<String> prices;
        private Optional<URI> pages = Optional.empty();
        private Clock clock = Clock.systemUTC();
        private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        private Optional<Path> file = Optional.empty();

        private Builder(String apiKey, Set<String> prices) {
            this.apiKey = apiKey;
            this.prices = prices;
        }

        /** Leads customers to pages under this address: {@code c/pay/ID} and {@code p/session/ID}. */
        public Builder pages(URI base) {
            pages = Optional.of(base);
            return this;
        }

        /** Uses this clock for the account's time. */
        public Builder clock(Clock time) {
            clock = time;
            return this;
        }

        /** Listens on this address instead of on a free port of the loopback address. */
        public Builder address(InetSocketAddress listening) {
            address = listening;
            return this;
        }

        /** Keeps the account's objects in this file, which only its owner may read. */
        public Builder file(Path kept) {
            file = Optional.of(kept);
            return this;
        }

        /**
         * Starts it.
         *
         * @throws ServerStartException if the port is not available
         */
        public LocalStripe start() {
            return new LocalStripe(this);
        }
    }

    private LocalStripe(Builder options) {
        apiKey = options.apiKey;
        pages = options.pages;
        account = new StripeAccount(options.prices, options.clock, options.apiKey.contains("_live_"), options.file);
        keys = new IdempotencyKeys(account.objects());
        limit = new RateLimit(options.clock);
        try {
            server = HttpServer.create(options.address, 0);
        } catch (IOException e) {
            throw ServerStartException.listening(options.address, "aws.port", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Options for these prices and this key, whose prefix says whether it is of the live or the test mode. */
    public static Builder of(String apiKey, Set<String> prices) {
        return new Builder(apiKey, prices);
    }

    /** Starts one with these prices and this key. */
    public static LocalStripe start(String apiKey, Set<String> prices) {
        return of(apiKey, prices).start();
    }

    /** The API's base URL. */
    public URI endpoint() {
        return Endpoints.of(server.getAddress());
    }

    /** The account's content, and the changes to it outside the API. */
    public StripeAccount account() {
        return account;
    }

    /** The requests that have arrived so far. */
    public List<Request> requests() {
        return requests;
    }

    /** From now on accepts only this key. */
    public synchronized void roll(String key) {
        apiKey = key;
    }

    /** Limits the requests per second; the others get 429. */
    public void limitRate(int requestsPerSecond) {
        limit.set(requestsPerSecond);
    }

    /** Gives these faults to the next requests, one each. */
    public synchronized void fail(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** Stops all faults. */
    public synchronized void heal() {
        faults.clear();
        limit.set(Integer.MAX_VALUE);
    }

    /** Runs this once, after the next answer was made and before it is sent. */
    public synchronized void beforeNextAnswer(Runnable step) {
        steps.add(step);
    }

    /** Drops a step that has not run. */
    public synchronized void forgetSteps() {
        steps.clear();
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
            exchange.getResponseHeaders().set("Request-Id", "req_" + fault.map(next -> next.name().toLowerCase(
                    Locale.ROOT)).orElseGet(() -> UUID.randomUUID().toString().substring(0, 13)));
            if (fault.isPresent() && !fault.get().isSaved() && fault.get() != Fault.LOST) {
                fail(exchange, fault.get());
                return;
            }
            var answer = answer(request, exchange, fault.filter(Fault::isSaved));
            if (fault.filter(Fault.LOST::equals).isEmpty()) {
                send(exchange, answer.status, JSON.writeValueAsBytes(answer.body));
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

    private Answer answer(Request request, HttpExchange exchange, Optional<Fault> fault) throws IOException {
        try {
            limit.take();
            authenticate(request);
            var version = version(request);
            exchange.getResponseHeaders().set("Stripe-Version", version);
            if (request.method().equals("POST") && !request.headers().getOrDefault("content-type", "")
                    .startsWith("application/x-www-form-urlencoded")) {
                throw Refusal.ofRequest(400, null, "Invalid content type");
            }
            var key = request.headers().get("idempotency-key");
            if (key == null || !request.method().equals("POST")) {
                var answer = execute(request, version, fault);
                nextStep().ifPresent(Runnable::run);
                return answer;
            }
            exchange.getResponseHeaders().set("Idempotency-Key", key);
            return once(request, version, key, exchange, fault);
        } catch (Refusal e) {
            return new Answer(e.status(), e.body());
        }
    }

    /** Rate limits, keys and versions are checked before an idempotency key is looked up. */
    private synchronized void authenticate(Request request) throws Refusal {
        if (!request.headers().getOrDefault("authorization", "").equals("Bearer " + apiKey)) {
            throw Refusal.ofRequest(401, null, "Invalid API Key provided");
        }
    }

    private static String version(Request request) throws Refusal {
        var version = request.headers().getOrDefault("stripe-version", "");
        if (!version.matches("20\\d\\d-\\d\\d-\\d\\d(\\.[a-z]+)?")) {
            throw Refusal.ofRequest(400, null, "Invalid Stripe API version: " + version);
        }
        return version;
    }

    /** The same answer for the same idempotency key; while the first one is being made, others are refused. */
    private Answer once(Request request, String version, String key, HttpExchange exchange, Optional<Fault> fault)
            throws Refusal, IOException {
        synchronized (account) {
            var saved = keys.begin(key, request);
            if (saved.isPresent()) {
                exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
                return new Answer(saved.get().status(), saved.get().body());
            }
        }
        try {
            var answer = execute(request, version, fault);
            synchronized (account) {
                keys.save(key, request, answer.status, answer.body);
            }
            nextStep().ifPresent(Runnable::run);
            return answer;
        } finally {
            synchronized (account) {
                keys.end(key);
            }
        }
    }

    /** The answer of the endpoint, also an error; a malformed request is refused earlier. */
    private Answer execute(Request request, String version, Optional<Fault> fault) throws Refusal, IOException {
        if (fault.isPresent()) {
            return new Answer(fault.get().status(), (ObjectNode) JSON.readTree(fault.get().body()));
        }
        try {
            return new Answer(200, WireForm.of(account.answer(request, pages.orElseGet(this::endpoint)), version));
        } catch (Refusal e) {
            if (e.isExecuted()) {
                return new Answer(e.status(), e.body());
            }
            throw e;
        }
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
                exchange.sendResponseHeaders(fault.status(), fault.body().length() * 2L);
                exchange.getResponseBody().write(fault.body().getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
            default -> {
                exchange.getResponseHeaders().set("Retry-After", "3600");
                send(exchange, fault.status(), fault.body().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
