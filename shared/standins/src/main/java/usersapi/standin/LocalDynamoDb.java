package usersapi.standin;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in this JVM, reached over HTTP. Only its request handler is used, because its server would listen on all
 * interfaces and send telemetry.
 */
final class LocalDynamoDb implements AutoCloseable {

    /**
     * A new request handler empties and fills the table of actions that all handlers of the process share, so meanwhile no request
     * may look for its action there: it would be an {@code InvalidAction}.
     */
    private static final ReadWriteLock ACTIONS = new ReentrantReadWriteLock();

    private final LocalDynamoDBServerHandler handler;
    private final Server server;

    private LocalDynamoDb(LocalDynamoDBRequestHandler tables, InetSocketAddress address) {
        ACTIONS.writeLock().lock();
        try {
            handler = new LocalDynamoDBServerHandler(tables, null);
        } finally {
            ACTIONS.writeLock().unlock();
        }
        var threads = new QueuedThreadPool();
        threads.setDaemon(true);
        server = new Server(threads);
        var connector = new ServerConnector(server);
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        server.addConnector(connector);
        server.setHandler(new ProgramsOnly(new ContextHandler(handler)));
        try {
            server.start();
        } catch (IOException e) {
            handler.close();
            throw ServerStartException.listening(address, "aws.port", e);
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not start", e);
        }
    }

    /** Starts one that keeps its tables in memory; port 0 is any free one. */
    static LocalDynamoDb inMemory(InetSocketAddress address) {
        return new LocalDynamoDb(new LocalDynamoDBRequestHandler(0, true, null, true, false), address);
    }

    /** Starts one that keeps its tables in a directory, and creates it if it does not exist. */
    static LocalDynamoDb in(Path directory, InetSocketAddress address) {
        PrivateFiles.directory(directory);
        // DynamoDB Local expects a prefix of its file's name.
        return new LocalDynamoDb(
                new LocalDynamoDBRequestHandler(0, false, directory + File.separator, true, false), address);
    }

    /** Its endpoint. */
    URI endpoint() {
        var connector = (ServerConnector) server.getConnectors()[0];
        return Endpoints.of(new InetSocketAddress(connector.getHost(), connector.getLocalPort()));
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

    /** Refuses web pages, whose requests have an {@code Origin}; programs send none. */
    private static final class ProgramsOnly extends Handler.Wrapper {

        ProgramsOnly(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (HostHeader.namesThisMachine(request.getHeaders().get(HttpHeader.HOST))
                    && !request.getHeaders().contains(HttpHeader.ORIGIN)) {
                ACTIONS.readLock().lock();
                try {
                    return super.handle(request, response, callback);
                } finally {
                    ACTIONS.readLock().unlock();
                }
            }
            response.setStatus(HttpStatus.FORBIDDEN_403);
            callback.succeeded();
            return true;
        }
    }
}
