package usersapi.testing;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * The network between the functions and an AWS service: it passes on their HTTP requests, and lets some fail as networks and
 * services do. Functions that are made while it is open use it.
 */
public final class FaultyNetwork implements AutoCloseable {

    /** The treatment of a request. */
    public enum Fault {
        /** No fault: the service answers. */
        NONE(0),
        /** The connection ends before the service has the request. */
        LOST_REQUEST(9),
        /** The request takes effect, and the connection ends before the answer. */
        LOST_ANSWER(9),
        /** 500. */
        ERROR(9),
        /** 400, because another transaction has the same item; nothing is written. A read never gets it. */
        CONFLICT(9),
        /** 400, because of too many requests. The SDK then waits up to a second, so this is rare. */
        THROTTLED(3, "ThrottlingException"),
        /** 400, because the capacity of the table or the partition is used up. */
        OUT_OF_THROUGHPUT(1, "ProvisionedThroughputExceededException"),
        /** 400, because the account's capacity is used up. */
        OVER_ACCOUNT_LIMIT(1, "RequestLimitExceeded"),
        /** 400, because this transaction is already running; for transactions only. */
        IN_PROGRESS(1, "TransactionInProgressException"),
        /** 400, because a write of the transaction was throttled; for transactions only, and nothing is written. */
        CANCELLED_THROTTLED(3, "ThrottlingError"),
        /** 400, because the capacity of an item's partition is used up; for transactions only, and nothing is written. */
        CANCELLED_OUT_OF_THROUGHPUT(3, "ProvisionedThroughputExceeded"),
        /**
         * 400, because one item is throttled and another one is in another transaction; for transactions only, and nothing
         * is written.
         */
        CANCELLED_THROTTLED_IN_CONFLICT(1, "ThrottlingError", "TransactionConflict"),
        /** The request takes effect, and no answer comes. The SDK waits for its time-out, so this is rare. */
        SILENCE(1);

        /** The relative frequency of the fault. */
        private final int weight;
        /** The codes of DynamoDB's answer. */
        private final String codes;

        Fault(int weight, String... codes) {
            this.weight = weight;
            this.codes = String.join(" ", codes);
        }
    }

    private static final List<Fault> BY_CHANCE = Arrays.stream(Fault.values())
            .flatMap(fault -> Collections.nCopies(fault.weight, fault).stream()).toList();
    /** So that a burst meets only the faults of the test. */
    private static final int CONNECTIONS_AT_ONCE = 1_024;
    /** The headers that belong to one connection. */
    private static final Set<String> HOP_BY_HOP = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        HOP_BY_HOP.addAll(Set.of("Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Transfer-Encoding"));
    }

    private final URI service;
    private final Server server = new Server(new VirtualThreadPool());
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger transactions = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Queue<Fault> next = new ArrayDeque<>();
    private Random random = new Random();
    private int ofHundred;
    private Fault outage = Fault.NONE;
    private String outageOf = "";

    /** Opens the network to the service at this address; its clients use {@link #endpoint()} instead. */
    public FaultyNetwork(String endpoint) {
        service = URI.create(endpoint);
        var connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setAcceptQueueSize(CONNECTIONS_AT_ONCE);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                requests.incrementAndGet();
                serve(request, response, callback);
                return true;
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the network did not start", e);
        }
    }

    /** The service's address in this network. */
    public String endpoint() {
        return server.getURI().toString();
    }

    /** From now on this percentage of requests meets a random fault; the seed decides. */
    public synchronized void fail(int ofHundred, long seed) {
        this.ofHundred = ofHundred;
        random = new Random(seed);
    }

    /** The next requests meet these faults, one each; then faults are random again. */
    public synchronized void failNext(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** From now on every request meets this fault. */
    public synchronized void failAll(Fault fault) {
        failAll(fault, "");
    }

    /** From now on every request that contains this word meets this fault, for the outage of one secret or one item. */
    public synchronized void failAll(Fault fault, String word) {
        outage = fault;
        outageOf = word;
    }

    /** From now on every request is answered. */
    public synchronized void heal() {
        ofHundred = 0;
        outage = Fault.NONE;
        next.clear();
    }

    /** The number of requests so far; a repeated request counts each time. */
    public int requests() {
        return requests.get();
    }

    /** The number of writing transactions among them. */
    public int transactions() {
        return transactions.get();
    }

    /** The number of them that met a fault. */
    public int faults() {
        return faults.get();
    }

    private synchronized Fault drawn(byte[] body) {
        if (outage != Fault.NONE && new String(body, StandardCharsets.UTF_8).contains(outageOf)) {
            return outage;
        }
        var planned = next.poll();
        if (planned != null) {
            return planned;
        }
        return random.nextInt(100) < ofHundred ? BY_CHANCE.get(random.nextInt(BY_CHANCE.size())) : Fault.NONE;
    }

    private void serve(Request request, Response response, Callback callback) throws Exception {
        var body = Request.asInputStream(request).readAllBytes();
        var operation = request.getHeaders().get("X-Amz-Target");
        if (isTransaction(operation)) {
            transactions.incrementAndGet();
        }
        var fault = drawn(body);
        if (fault != Fault.NONE) {
            faults.incrementAndGet();
        }
        switch (fault) {
            case NONE -> pass(forward(request, body), response, callback);
            case LOST_REQUEST -> disconnect(request, callback);
            case LOST_ANSWER -> {
                forward(request, body);
                disconnect(request, callback);
            }
            case ERROR -> answer(500, "InternalServerError", "", response, callback);
            case CONFLICT -> {
                if (isTransaction(operation)) {
                    cancel(List.of("TransactionConflict"), response, callback);
                } else if (operation.endsWith("Item") && !operation.endsWith(".GetItem")) {
                    answer(400, "TransactionConflictException", "", response, callback);
                } else {
                    pass(forward(request, body), response, callback);
                }
            }
            case THROTTLED, OUT_OF_THROUGHPUT, OVER_ACCOUNT_LIMIT -> answer(400, fault.codes, "", response,
                    callback);
            case IN_PROGRESS -> {
                if (isTransaction(operation)) {
                    answer(400, fault.codes, "", response, callback);
                } else {
                    pass(forward(request, body), response, callback);
                }
            }
            case CANCELLED_THROTTLED, CANCELLED_OUT_OF_THROUGHPUT, CANCELLED_THROTTLED_IN_CONFLICT -> {
                if (isTransaction(operation)) {
                    cancel(List.of(fault.codes.split(" ")), response, callback);
                } else {
                    pass(forward(request, body), response, callback);
                }
            }
            case SILENCE -> {
                forward(request, body);
                closing.await();
                disconnect(request, callback);
            }
        }
    }

    private static boolean isTransaction(String operation) {
        return operation != null && operation.endsWith(".TransactWriteItems");
    }

    /** The answer to a cancelled transaction, with these reasons for some items and none for one. */
    private static void cancel(List<String> reasons, Response response, Callback callback) {
        var codes = Stream.concat(Stream.of("None"), reasons.stream()).map("{\"Code\":\"%s\"}"::formatted)
                .collect(joining(","));
        answer(400, "TransactionCanceledException", ",\"CancellationReasons\":[" + codes + "]", response, callback);
    }

    private HttpResponse<byte[]> forward(Request request, byte[] body) throws IOException, InterruptedException {
        var forwarded = HttpRequest.newBuilder(service).method(request.getMethod(), BodyPublishers.ofByteArray(body));
        for (var header : request.getHeaders()) {
            if (!HOP_BY_HOP.contains(header.getName())) {
                forwarded.header(header.getName(), header.getValue());
            }
        }
        return client.send(forwarded.build(), BodyHandlers.ofByteArray());
    }

    private static void pass(HttpResponse<byte[]> answer, Response response, Callback callback) {
        response.setStatus(answer.statusCode());
        answer.headers().map().forEach((name, values) -> {
            if (!HOP_BY_HOP.contains(name)) {
                response.getHeaders().put(name, values);
            }
        });
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    /** AWS's error of this code. */
    private static void answer(int status, String code, String further, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put("Content-Type", "application/x-amz-json-1.0");
        var body = "{\"__type\":\"com.amazonaws#%s\",\"message\":\"injected\"%s}".formatted(code, further);
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static void disconnect(Request request, Callback callback) {
        request.getConnectionMetaData().getConnection().getEndPoint().close();
        // An exception that Jetty does not log.
        callback.failed(new EofException("disconnected on purpose"));
    }

    /** Ends the requests that wait for an answer. */
    @Override
    public void close() {
        closing.countDown();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the network did not stop", e);
        }
        client.close();
    }
}
