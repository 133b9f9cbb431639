package usersapi.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in this JVM, reached over HTTP on the loopback address. Its own server would listen on all interfaces and
 * send telemetry, so of it only the request handler is used.
 */
public final class LocalDynamoDb implements AutoCloseable {

    private static final StaticCredentialsProvider CREDENTIALS = StaticCredentialsProvider
            .create(AwsBasicCredentials.create("local", "local"));

    private final LocalDynamoDBServerHandler handler;
    private final Server server;
    private final DynamoDbClient client;

    private LocalDynamoDb(LocalDynamoDBRequestHandler tables, int port) {
        handler = new LocalDynamoDBServerHandler(tables, null);
        var threads = new QueuedThreadPool();
        threads.setDaemon(true);
        server = new Server(threads);
        var connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new ContextHandler(handler));
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not start", e);
        }
        client = DynamoDbClient.builder().endpointOverride(endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    /** Starts one that forgets its tables when it is closed; port 0 is any that is free. */
    static LocalDynamoDb inMemory(int port) {
        return new LocalDynamoDb(new LocalDynamoDBRequestHandler(0, true, null, true, false), port);
    }

    /** Starts one that keeps its tables in a directory, which is made if it does not exist. */
    static LocalDynamoDb in(Path directory, int port) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // DynamoDB Local takes a prefix of its file's name.
        return new LocalDynamoDb(
                new LocalDynamoDBRequestHandler(0, false, directory + File.separator, true, false), port);
    }

    /** Where it listens. */
    public URI endpoint() {
        return server.getURI();
    }

    /** A client of it. */
    public DynamoDbClient client() {
        return client;
    }

    /** A client of its streams, which the caller closes. */
    public DynamoDbStreamsClient streams() {
        return DynamoDbStreamsClient.builder().endpointOverride(endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    /** The table's stream, as its clients name it. */
    public String streamArn(Template.Table table) {
        return client.describeTable(describe -> describe.tableName(table.name())).table().latestStreamArn();
    }

    /**
     * Makes the table, with its stream, unless it is there already. Its time to live stays off: DynamoDB deletes expired
     * items within days, DynamoDB Local at once, and so would hide whether expiry is checked when an item is read.
     */
    public void create(Template.Table table) {
        try {
            client.createTable(table.request());
        } catch (ResourceInUseException kept) {
            // The table of an earlier run, in the directory that this one keeps its tables in.
        }
    }

    @Override
    public void close() {
        client.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not stop", e);
        }
        handler.close();
    }
}
