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
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in this JVM, reached over HTTP on the loopback address. Its own server would listen on all interfaces and
 * send telemetry, so of it only the request handler is used.
 */
final class LocalDynamoDb implements AutoCloseable {

    private final LocalDynamoDBServerHandler handler;
    private final Server server;

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
    URI endpoint() {
        return server.getURI();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not stop", e);
        }
        handler.close();
    }
}
