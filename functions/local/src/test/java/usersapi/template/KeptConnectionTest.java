package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import usersapi.testing.LocalTable;
import usersapi.testing.Template;

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
                    "http://127.0.0.1:" + server.getAddress().getPort())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            client.environment().put("JAVA_TOOL_OPTIONS",
                    Template.read(LocalTable.PARAMETERS, id -> id).environment().get("JAVA_TOOL_OPTIONS"));
            assertThat(client.start().waitFor()).isZero();
        } finally {
            server.stop(0);
        }

        assertThat(clients).hasSize(1);
    }

    /** Asks twice, as the SDK and Stripe's library do, in a JVM like a function's. */
    static final class Client {

        private Client() {}

        /** The argument says whom. */
        public static void main(String[] args) throws IOException, InterruptedException {
            ask(args[0]);
            Thread.sleep(PAUSE);
            ask(args[0]);
        }

        private static void ask(String url) throws IOException {
            var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            try (var in = connection.getInputStream()) {
                in.readAllBytes();
            }
        }
    }
}
