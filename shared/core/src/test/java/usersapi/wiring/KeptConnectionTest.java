package usersapi.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

class KeptConnectionTest {

    /** Longer than the JDK keeps an unused connection if it is told nothing. */
    private static final long PAUSE = 6_000;

    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    @Test
    void aFunctionThatIsNotBusyKeepsItsConnections() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                clients.add(exchange.getRemoteAddress());
                exchange.sendResponseHeaders(200, 1);
                exchange.getResponseBody().write('1');
            }
        });
        server.start();
        try {
            var client = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-classpath", System.getProperty("java.class.path"), Client.class.getName(),
                    "http://127.0.0.1:" + server.getAddress().getPort()).redirectErrorStream(true).start();
            var printed = new String(client.getInputStream().readAllBytes(), UTF_8);
            assertThat(client.waitFor()).as(printed).isZero();
        } finally {
            server.stop(0);
        }

        assertThat(clients).hasSize(1);
    }

    /** Asks twice, in a JVM of its own, whose first connections these are. */
    static final class Client {

        private Client() {}

        /** The argument says whom. */
        public static void main(String[] args) throws IOException, InterruptedException {
            var client = CoreModule.httpClient();
            var request = HttpExecuteRequest.builder().request(
                    SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(URI.create(args[0])).build()).build();
            client.prepareRequest(request).call().responseBody().orElseThrow().readAllBytes();
            Thread.sleep(PAUSE);
            client.prepareRequest(request).call().responseBody().orElseThrow().readAllBytes();
        }
    }
}
