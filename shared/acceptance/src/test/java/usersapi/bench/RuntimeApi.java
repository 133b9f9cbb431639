package usersapi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Lambda's Runtime API for one function: it passes events to the function's process and measures the time of the answers. It
 * also has the endpoint of credentials for a function with a snapshot.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {

    private static final String INVOCATIONS = "/2018-06-01/runtime/invocation/";
    private static final String CREDENTIALS = """
            {"AccessKeyId": "local", "SecretAccessKey": "local", "Token": "local", "Expiration": "9999-01-01T00:00:00Z"}
            """;

    /** Matches an answer of a failed invocation. */
    static final Pattern REFUSAL = Pattern
            .compile(
                    "\"statusCode\":[45]|\"Location\":\"/\\?error=|\"Effect\":\"Deny\"|itemIdentifier|Unexpected error");

    /** An answer to an invocation, or its failure. */
    private record Answer(long time, boolean failed, String text) {}

    private final BlockingQueue<Long> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Duration timeout;
    private final HttpServer server;

    /** The API for a function of this time-out. */
    RuntimeApi(Duration timeout) {
        this.timeout = timeout;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Its address in the form that the runtime expects. */
    String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Waits until the function is ready for its next event; returns that time, by {@link System#nanoTime()}. */
    long awaitReady() throws InterruptedException {
        var time = asked.poll(1, TimeUnit.MINUTES);
        if (time == null) {
            throw new IllegalStateException("not ready within a minute: " + answers);
        }
        return time;
    }

    /** Invokes the ready function; returns the time from event to answer. */
    Duration invoke(String event) throws InterruptedException {
        long start = System.nanoTime();
        events.add(event);
        var answer = answers.poll(1, TimeUnit.MINUTES);
        if (answer == null || answer.failed() || REFUSAL.matcher(answer.text()).find()) {
            throw new IllegalStateException("not done: " + answer);
        }
        return Duration.ofNanos(answer.time() - start);
    }

    private void answer(HttpExchange exchange) throws IOException {
        long time = System.nanoTime();
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            if (path.equals(INVOCATIONS + "next")) {
                asked.add(time);
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
                exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms",
                        Long.toString(System.currentTimeMillis() + timeout.toMillis()));
                exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn",
                        "arn:aws:lambda:us-east-1:123456789012:function:benchmark");
                send(exchange, 200, events.take());
            } else if (path.startsWith(INVOCATIONS) || path.endsWith("/error")) {
                var text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                answers.add(new Answer(time, path.endsWith("/error"), text));
                send(exchange, 202, "{}");
            } else if (path.endsWith("/restore/next")) {
                send(exchange, 200, "{}");
            } else {
                send(exchange, 200, CREDENTIALS);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
