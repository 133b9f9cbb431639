package usersapi.local;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The exact bytes of a request that an HTTP client would not send. */
final class Wire {

    private Wire() {}

    /** Sends a request without body, the lines of its head, and answers with all that comes back until the server closes. */
    static String exchange(URI server, String... head) throws IOException {
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
