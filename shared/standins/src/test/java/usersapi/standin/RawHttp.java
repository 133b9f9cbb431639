package usersapi.standin;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request of AWS's JSON protocol with a header that the JDK's client does not let its users set. */
final class RawHttp {

    private RawHttp() {}

    /** The status of the answer. */
    static int status(URI server, String operation, String body, String header, String value) throws IOException {
        var host = header.equals("Host") ? "" : "Host: " + server.getAuthority() + "\r\n";
        var request = "POST / HTTP/1.1\r\n%s%s: %s\r\nX-Amz-Target: %s\r\nAuthorization: %s\r\n"
                .formatted(host, header, value, operation,
                        "AWS4-HMAC-SHA256 Credential=local/20261127/us-east-1/any/aws4_request, "
                                + "SignedHeaders=host, Signature=0")
                + "Content-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                        .formatted(body.length(), body);
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }
}
