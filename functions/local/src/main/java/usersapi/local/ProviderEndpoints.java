package usersapi.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import usersapi.standin.ServerStartException;

/**
 * The endpoints of the OpenID provider's stand-in for functions, on an address that containers reach. Those for a person's
 * browser are on the local server's own address only.
 */
final class ProviderEndpoints implements AutoCloseable {

    private static final int MAX_BODY_BYTES = 64 * 1024;

    private final Server server;

    private ProviderEndpoints(Server server) {
        this.server = server;
    }

    /**
     * Starts to serve them.
     *
     * @throws ServerStartException if the port is not available
     */
    static ProviderEndpoints start(IdentityProvider provider, InetSocketAddress address) {
        var server = new Server(new VirtualThreadPool());
        var connector = new ServerConnector(server);
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                var call = new Call(request, Request.asInputStream(request).readNBytes(MAX_BODY_BYTES));
                var answer = provider.answerFunction(call);
                response.setStatus(answer.status());
                answer.headers().forEach((name, values) -> response.getHeaders().put(name, values));
                response.write(true, answer.body(), callback);
                return true;
            }
        });
        try {
            connector.open();
        } catch (IOException e) {
            throw ServerStartException.listening(address, "aws.port", e);
        }
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new ProviderEndpoints(server);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the provider's endpoints did not stop", e);
        }
    }
}
