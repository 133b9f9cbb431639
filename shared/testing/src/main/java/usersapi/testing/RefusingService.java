package usersapi.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A service on a port of the loopback that refuses every request, and tells whether it was asked. */
public final class RefusingService implements AutoCloseable {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final HttpServer server;

    /** Starts it. */
    public RefusingService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.countDown();
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
        });
        server.start();
    }

    /** Its address, a URL. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Whether somebody asks it, now or within half a minute. */
    public boolean isAsked() throws InterruptedException {
        return asked.await(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
