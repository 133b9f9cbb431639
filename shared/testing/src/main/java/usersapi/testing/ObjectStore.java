package usersapi.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * S3's PutObject on a port of the loopback. It takes only objects whose signature is right.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">Signature calculations</a>
 */
public final class ObjectStore implements AutoCloseable {

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=[^/]+/(([0-9]{8})/us-east-1/s3/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");

    private final Map<String, String> objects = new ConcurrentSkipListMap<>();
    private final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
    private final String secretKey;
    private final HttpServer server;

    /** A store that lets requests with this secret key in. */
    public ObjectStore(String secretKey) throws IOException {
        this.secretKey = secretKey;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Its address, a URL. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The objects by {@code BUCKET/KEY}. */
    public Map<String, String> objects() {
        return objects;
    }

    /** The next requests get these statuses, and nothing is written. */
    public void failNext(Integer... statuses) {
        failures.addAll(List.of(statuses));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var failure = failures.poll();
            if (failure != null) {
                exchange.sendResponseHeaders(failure, -1);
            } else if (!exchange.getRequestMethod().equals("PUT") || !isSigned(exchange, body)) {
                exchange.sendResponseHeaders(403, -1);
            } else {
                objects.put(exchange.getRequestURI().getPath().substring(1), new String(body, UTF_8));
                exchange.sendResponseHeaders(200, -1);
            }
        }
    }

    private boolean isSigned(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        var authorization = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
        if (!authorization.matches() || !sha256(body).equals(headers.getFirst("X-Amz-Content-Sha256"))) {
            return false;
        }
        var names = authorization.group(3);
        var canonical = String.join("\n", "PUT", exchange.getRequestURI().getRawPath(), "",
                Arrays.stream(names.split(";", -1)).map(name -> name + ":" + headers.getFirst(name).strip() + "\n")
                        .collect(Collectors.joining()),
                names, sha256(body));
        var toSign = String.join("\n", "AWS4-HMAC-SHA256", headers.getFirst("X-Amz-Date"), authorization.group(1),
                sha256(canonical.getBytes(UTF_8)));
        var key = ("AWS4" + secretKey).getBytes(UTF_8);
        for (var part : authorization.group(1).split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign)).equals(authorization.group(4));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
