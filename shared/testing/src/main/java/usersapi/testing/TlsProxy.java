package usersapi.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;

/**
 * TLS in front of the services, as at AWS and Stripe: with an RSA certificate of 2,048 bits under an intermediate one. A
 * trust store has its root and all roots of the JDK.
 */
public final class TlsProxy {

    private static final String PASSWORD = "changeit";

    private final Path keys;
    private final Path trusted;
    private final SSLServerSocketFactory listeners;

    /** Makes new keys, and keeps them in this directory. */
    public TlsProxy(Path directory) {
        keys = directory.resolve("keys.p12");
        trusted = directory.resolve("trusted.p12");
        try {
            generate("root", "-ext", "bc:c");
            generate("intermediate", "-signer", "root", "-ext", "bc:c");
            generate("server", "-signer", "intermediate", "-ext", "san=ip:127.0.0.1");
            var generated = load(keys);
            var all = load(Path.of(System.getProperty("java.home"), "lib", "security", "cacerts"));
            all.setCertificateEntry("root", generated.getCertificate("root"));
            try (var out = Files.newOutputStream(trusted)) {
                all.store(out, PASSWORD.toCharArray());
            }
            generated.deleteEntry("root");
            generated.deleteEntry("intermediate");
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(generated, PASSWORD.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            listeners = context.getServerSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the keys for TLS could not be made", e);
        }
    }

    private static KeyStore load(Path file) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    private void generate(String name, String... further) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "RSA", "-keysize", "2048",
                "-validity", "2", "-keystore", keys.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(further));
        var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var said = keytool.inputReader()) {
            var lines = said.lines().toList();
            if (keytool.onExit().join().exitValue() != 0) {
                throw new IOException("keytool: " + lines);
            }
        }
    }

    /** The flags that make a JVM trust it. */
    public List<String> flags() {
        return List.of("-Djavax.net.ssl.trustStore=" + trusted, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    }

    /** The service's address with TLS, until this JVM ends. */
    public String of(String service) {
        var uri = URI.create(service);
        try {
            var listener = listeners.createServerSocket(0, 0, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> accept(listener, uri));
            return "https://127.0.0.1:" + listener.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void accept(ServerSocket listener, URI service) {
        try (listener) {
            while (true) {
                connect(listener.accept(), service);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void connect(Socket client, URI service) throws IOException {
        try {
            var server = new Socket(service.getHost(), service.getPort());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pass(client, server));
            Thread.ofVirtual().start(() -> pass(server, client));
        } catch (IOException refused) {
            client.close();
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // One of the two has ended the connection, so the other one ends too.
        }
    }
}
