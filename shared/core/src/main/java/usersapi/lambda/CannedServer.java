package usersapi.lambda;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.CRC32;

/** An HTTP/1.1 server on the loopback address that gives every request the same answer, a JSON text in ASCII. */
final class CannedServer implements AutoCloseable {

    /** The delay of each answer. A virtual thread that waits, for example for Stripe, loads the JDK's poller. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final ServerSocket listener;
    private final byte[] answer;

    CannedServer(String json) throws IOException {
        var crc = new CRC32();
        crc.update(json.getBytes(StandardCharsets.US_ASCII));
        answer = """
                HTTP/1.1 200 OK\r
                Content-Type: application/json\r
                Content-Length: %d\r
                x-amz-crc32: %d\r
                Request-Id: primed\r
                \r
                %s""".formatted(json.length(), crc.getValue(), json).getBytes(StandardCharsets.US_ASCII);
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::listen);
    }

    /** The address on which it listens. */
    String endpoint() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    private void listen() {
        try {
            while (true) {
                var client = listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // By close().
        }
    }

    private void serve(Socket client) {
        try (client; var in = new BufferedInputStream(client.getInputStream())) {
            for (var line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                long length = 0;
                for (; !line.isEmpty(); line = readLine(in)) {
                    if (line.startsWith("content-length:")) {
                        length = Long.parseLong(line.substring("content-length:".length()).strip());
                    }
                }
                in.skipNBytes(length);
                Thread.sleep(PAUSE);
                client.getOutputStream().write(answer);
            }
        } catch (IOException | InterruptedException gone) {
            // The client closed the connection.
        }
    }

    /** A line in lower case; empty at the end of the headers and of the stream. */
    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) Character.toLowerCase(c));
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
