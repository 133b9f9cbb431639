package usersapi.billing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port of the loopback address that does not serve HTTP. */
final class BrokenPeer implements AutoCloseable {

    private final ServerSocket server;

    private BrokenPeer() {
        try {
            server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port without a listener. */
    static BrokenPeer refusing() throws IOException {
        var peer = new BrokenPeer();
        peer.server.close();
        return peer;
    }

    /** A port that accepts each connection, reads from it, and resets it. */
    static BrokenPeer resetting() {
        var peer = new BrokenPeer();
        Thread.ofVirtual().start(() -> {
            while (true) {
                try (var connection = peer.server.accept()) {
                    connection.getInputStream().read();
                    // With this setting, or with unread bytes, closing sends a TCP reset.
                    connection.setSoLinger(true, 0);
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return peer;
    }

    String endpoint() {
        return "http://%s:%d".formatted(server.getInetAddress().getHostAddress(), server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
