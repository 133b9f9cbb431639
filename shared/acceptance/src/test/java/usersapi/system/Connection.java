package usersapi.system;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** HTTP/1.1 over a socket that is kept alive. Unlike a client library it sends all bytes as they are, also malformed ones. */
final class Connection implements AutoCloseable {

    private static final int MILLIS_TO_WAIT = 60_000;

    private final int port;
    private Socket socket;
    private InputStream in;

    /**
     * The reply.
     *
     * @param headers by name in lower case; for repeated ones the last
     * @param body read as UTF-8
     */
    record Reply(int status, Map<String, String> headers, String body) {

        boolean isRefusal() {
            return status >= 400;
        }
    }

    Connection(int port) {
        this.port = port;
    }

    /** Sends a request and waits for its reply. */
    Reply send(RawRequest request) throws IOException {
        if (socket == null) {
            open();
        }
        socket.getOutputStream().write(request.bytes());
        var reply = read(request.method().equals("HEAD"));
        if ("close".equalsIgnoreCase(reply.headers.get("connection"))) {
            close();
        }
        return reply;
    }

    /** Sends only these bytes on a new connection; empty if the server closes it without a reply. */
    static Optional<Reply> sendOnly(int port, byte[] bytes) throws IOException {
        try (var connection = new Connection(port)) {
            connection.open();
            try {
                connection.socket.getOutputStream().write(bytes);
                connection.socket.shutdownOutput();
            } catch (IOException e) {
                // The server may answer before it has read everything.
            }
            return Optional.of(connection.read(false));
        } catch (EOFException | java.net.SocketException closed) {
            return Optional.empty();
        }
    }

    private void open() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(MILLIS_TO_WAIT);
        in = new BufferedInputStream(socket.getInputStream());
    }

    private Reply read(boolean head) throws IOException {
        var status = line();
        while (status.startsWith("HTTP/1.1 1")) {
            headers();
            status = line();
        }
        var headers = headers();
        var code = Integer.parseInt(status.split(" ", 3)[1]);
        if (head || code == 204 || code == 304) {
            return new Reply(code, headers, "");
        }
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            return new Reply(code, headers, new String(chunks(), StandardCharsets.UTF_8));
        }
        var length = headers.get("content-length");
        var body = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        return new Reply(code, headers, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = size(); size > 0; size = size()) {
            body.write(in.readNBytes(size));
            line();
        }
        headers();
        return body.toByteArray();
    }

    private int size() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var parts = line.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        return headers;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
