package usersapi.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Secrets Manager over HTTP, by its JSON protocol: creates, changes, reads and deletes secrets. It has only the current
 * value of each.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html">Secrets Manager's
 *     operations</a>
 */
final class LocalSecrets implements AutoCloseable {

    private record Version(String id, String value, Instant created) {

        Version(String value) {
            this(UUID.randomUUID().toString(), value, Instant.now());
        }
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NOT_FOUND = "Secrets Manager can't find the specified secret.";

    private final Map<String, Version> secrets = new ConcurrentHashMap<>();
    private final Optional<Path> directory;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private LocalSecrets(Optional<Path> directory, InetSocketAddress address) {
        this.directory = directory;
        directory.ifPresent(this::load);
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw ServerStartException.listening(address, "aws.port", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Starts one that keeps its secrets in memory; port 0 is any free one. */
    static LocalSecrets inMemory(InetSocketAddress address) {
        return new LocalSecrets(Optional.empty(), address);
    }

    /** Starts one that keeps its secrets in a directory, one file each; it is made if it does not exist. */
    static LocalSecrets in(Path directory, InetSocketAddress address) {
        return new LocalSecrets(Optional.of(directory), address);
    }

    /** Its endpoint. */
    URI endpoint() {
        return Endpoints.of(server.getAddress());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void load(Path place) {
        try {
            PrivateFiles.directory(place);
            try (Stream<Path> files = Files.list(place)) {
                for (var file : files.filter(file -> !file.getFileName().toString().startsWith(".")).toList()) {
                    PrivateFiles.restrict(file);
                    secrets.put(file.getFileName().toString(), new Version(UUID.randomUUID().toString(),
                            Files.readString(file), Files.getLastModifiedTime(file).toInstant()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            // A web page: programs send no Origin.
            if (!HostHeader.namesThisMachine(headers.getFirst("Host")) || headers.containsKey("Origin")) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            var operation = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            var request = JSON.readTree(exchange.getRequestBody());
            switch (operation) {
                case "secretsmanager.CreateSecret" -> create(exchange, request);
                case "secretsmanager.PutSecretValue" -> put(exchange, request);
                case "secretsmanager.GetSecretValue" -> get(exchange, request);
                case "secretsmanager.DeleteSecret" -> delete(exchange, request);
                default -> refuse(exchange, "InvalidRequestException", "No operation %s here.".formatted(operation));
            }
        }
    }

    private void create(HttpExchange exchange, JsonNode request) throws IOException {
        var name = request.path("Name").asText();
        var version = new Version(request.path("SecretString").asText());
        if (secrets.putIfAbsent(name, version) != null) {
            refuse(exchange, "ResourceExistsException", "The secret %s already exists.".formatted(name));
        } else {
            keep(name);
            send(exchange, 200, described(name).put("VersionId", version.id()));
        }
    }

    private void put(HttpExchange exchange, JsonNode request) throws IOException {
        var name = request.path("SecretId").asText();
        var version = new Version(request.path("SecretString").asText());
        if (secrets.replace(name, version) == null) {
            refuse(exchange, "ResourceNotFoundException", NOT_FOUND);
        } else {
            keep(name);
            send(exchange, 200, current(name, version));
        }
    }

    private void get(HttpExchange exchange, JsonNode request) throws IOException {
        var name = request.path("SecretId").asText();
        var version = secrets.get(name);
        var stage = request.path("VersionStage").asText("AWSCURRENT");
        if (version == null) {
            refuse(exchange, "ResourceNotFoundException", NOT_FOUND);
        } else if (!stage.equals("AWSCURRENT")
                || !request.path("VersionId").asText(version.id()).equals(version.id())) {
            refuse(exchange, "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for staging label: " + stage);
        } else {
            send(exchange, 200, current(name, version).put("SecretString", version.value()).put("CreatedDate",
                    seconds(version.created())));
        }
    }

    private void delete(HttpExchange exchange, JsonNode request) throws IOException {
        var name = request.path("SecretId").asText();
        if (secrets.remove(name) == null) {
            refuse(exchange, "ResourceNotFoundException", NOT_FOUND);
        } else {
            if (directory.isPresent()) {
                Files.deleteIfExists(directory.get().resolve(name));
            }
            send(exchange, 200, described(name).put("DeletionDate", seconds(Instant.now())));
        }
    }

    private void keep(String name) throws IOException {
        if (directory.isPresent()) {
            PrivateFiles.write(directory.get().resolve(name), secrets.get(name).value());
        }
    }

    private static ObjectNode described(String name) {
        return JSON.createObjectNode().put("ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:" + name)
                .put("Name", name);
    }

    private static ObjectNode current(String name, Version version) {
        var described = described(name).put("VersionId", version.id());
        described.putArray("VersionStages").add("AWSCURRENT");
        return described;
    }

    /** A time as the protocol writes it: seconds since 1970, with a fraction of milliseconds. */
    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }

    private static void refuse(HttpExchange exchange, String type, String message) throws IOException {
        send(exchange, 400, JSON.createObjectNode().put("__type", type).put("Message", message));
    }

    private static void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        var bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
