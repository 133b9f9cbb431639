package usersapi.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Secrets Manager's GetSecretValue on the loopback address, as its JSON protocol speaks it; of each secret it knows the
 * current value only.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">GetSecretValue</a>
 */
public final class LocalSecrets implements AutoCloseable {

    private record Version(String id, String value) {

        Version(String value) {
            this(UUID.randomUUID().toString(), value);
        }
    }

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Version> secrets = new ConcurrentHashMap<>();
    private final Optional<Path> directory;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private LocalSecrets(Optional<Path> directory, int port) {
        this.directory = directory;
        directory.ifPresent(this::load);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Starts one that forgets its secrets when it is closed; port 0 is any that is free. */
    static LocalSecrets inMemory(int port) {
        return new LocalSecrets(Optional.empty(), port);
    }

    /** Starts one that keeps its secrets in a directory, one file each; it is made if it does not exist. */
    static LocalSecrets in(Path directory, int port) {
        return new LocalSecrets(Optional.of(directory), port);
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://%s:%d".formatted(server.getAddress().getAddress().getHostAddress(),
                server.getAddress().getPort()));
    }

    /** Gives a secret its first or a new value. */
    public void put(String id, String value) {
        secrets.put(id, new Version(value));
        directory.ifPresent(place -> {
            try {
                Files.writeString(place.resolve(id), value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Makes the secret with a random value, unless it is there already. */
    public void create(Template.Secret secret) {
        if (!secrets.containsKey(secret.name())) {
            put(secret.name(), secret.generate());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void load(Path place) {
        try {
            Files.createDirectories(place);
            try (Stream<Path> files = Files.list(place)) {
                for (var file : files.toList()) {
                    secrets.put(file.getFileName().toString(), new Version(Files.readString(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if ("secretsmanager.GetSecretValue".equals(target)) {
                getSecretValue(exchange);
            } else {
                send(exchange, 400, error("InvalidRequestException", "No operation %s here.".formatted(target)));
            }
        }
    }

    private void getSecretValue(HttpExchange exchange) throws IOException {
        var request = JSON.readTree(exchange.getRequestBody());
        var id = request.path("SecretId").asText();
        var version = secrets.get(id);
        var stage = request.path("VersionStage").asText("AWSCURRENT");
        if (version == null) {
            send(exchange, 400,
                    error("ResourceNotFoundException", "Secrets Manager can't find the specified secret."));
        } else if (!stage.equals("AWSCURRENT")
                || !request.path("VersionId").asText(version.id()).equals(version.id())) {
            send(exchange, 400, error("ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for staging label: " + stage));
        } else {
            var secret = JSON.createObjectNode()
                    .put("ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:" + id).put("Name", id)
                    .put("VersionId", version.id()).put("SecretString", version.value());
            secret.putArray("VersionStages").add("AWSCURRENT");
            send(exchange, 200, secret);
        }
    }

    private static ObjectNode error(String type, String message) {
        return JSON.createObjectNode().put("__type", type).put("Message", message);
    }

    private static void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        var bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
