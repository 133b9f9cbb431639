package usersapi.wiring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

class BufferingHttpClientTest {

    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(US_ASCII);

    private final SdkHttpClient client = CoreModule.httpClient();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> receivedBefore = new ArrayList<>();
    private ServerSocket listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        listener.close();
    }

    @Test
    void sendsNothingBeforeTheBodyIsComplete() throws Exception {
        Thread.ofVirtual().start(() -> answer(1));

        assertThat(post("{\"TableName\": \"t\"}")).isEqualTo(200);

        assertThat(receivedBefore).isEmpty();
        assertThat(received).last(STRING).contains("Content-Length: 18\r\n").doesNotContain("Transfer-Encoding")
                .endsWith("\r\n\r\n{\"TableName\": \"t\"}");
    }

    @Test
    void aConnectionThatTheServerHasClosedIsReplaced() throws Exception {
        for (int i = 0; i < 5; i++) {
            var server = Thread.ofVirtual().start(() -> answer(1));
            assertThat(post("{}")).isEqualTo(200);
            server.join();
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        Thread.ofVirtual().start(() -> answer(3));

        assertThat(List.of(post("{}"), post("{}"), post("{}"))).containsOnly(200);
    }

    /** Accepts one connection, answers so many requests, and closes it without a word. */
    private void answer(int requests) {
        try (var connection = listener.accept()) {
            var in = connection.getInputStream();
            for (int i = 0; i < requests; i++) {
                var request = new StringBuilder();
                do {
                    var piece = new byte[8_192];
                    int length = in.read(piece);
                    if (length < 0) {
                        return;
                    }
                    request.append(new String(piece, 0, length, US_ASCII));
                    received.add(request.toString());
                } while (request.charAt(request.length() - 1) != '}');
                connection.getOutputStream().write(ANSWER);
            }
        } catch (IOException e) {
            received.add(e.toString());
        }
    }

    private int post(String body) throws IOException {
        var request = SdkHttpFullRequest.builder().method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + listener.getLocalPort()))
                .putHeader("Content-Length", Integer.toString(body.length())).build();
        var answer = client.prepareRequest(HttpExecuteRequest.builder().request(request)
                .contentStreamProvider(() -> slowly(body)).build()).call();
        answer.responseBody().orElseThrow().readAllBytes();
        return answer.httpResponse().statusCode();
    }

    /** A body that is there only after a head sent before it would have been received. */
    private InputStream slowly(String body) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        receivedBefore.addAll(received);
        return new ByteArrayInputStream(body.getBytes(US_ASCII));
    }
}
