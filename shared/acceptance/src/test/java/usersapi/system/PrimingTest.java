package usersapi.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.standin.Events;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;
import usersapi.testing.TlsProxy;

/** After priming, a function has loaded everything that its first request needs. */
class PrimingTest {

    private static final byte[] CREDENTIALS = """
            {"AccessKeyId": "local", "SecretAccessKey": "local", "Token": "local", "Expiration": "9999-01-01T00:00:00Z"}
            """.getBytes(UTF_8);

    @TempDir
    private static Path directory;
    private static TlsProxy tls;
    private static Map<String, String> services;
    private static HttpServer credentials;

    @BeforeAll
    static void serveAsUnderSnapStart() throws Exception {
        var running = RunningApi.template().environment();
        tls = new TlsProxy(directory);
        services = Map.of("AWS_ENDPOINT_URL_DYNAMODB", tls.of(running.get("AWS_ENDPOINT_URL_DYNAMODB")),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", tls.of(running.get("AWS_ENDPOINT_URL_SECRETS_MANAGER")),
                "STRIPE_API_BASE", tls.of(running.get("STRIPE_API_BASE")));
        credentials = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        credentials.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, CREDENTIALS.length);
                exchange.getResponseBody().write(CREDENTIALS);
            }
        });
        credentials.start();
    }

    @AfterAll
    static void stop() {
        credentials.stop(0);
    }

    static Stream<Template.Function> functions() {
        return Template.read(LocalTables.PARAMETERS, id -> id).functions().stream()
                .filter(Template.Function::hasSnapshot);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void afterPrimingTheFirstRequestLoadsNoClass(Template.Function function) throws Exception {
        var lines = run(function);

        var first = lines.subList(lines.indexOf(TwoInvocations.MADE) + 1, lines.indexOf(TwoInvocations.INVOKED));
        assertThat(first).isEmpty();
        assertThat(lines.get(lines.indexOf(TwoInvocations.INVOKED) + 1)).startsWith("{")
                .doesNotContainPattern("\"statusCode\":[45]|\"Deny\"");
    }

    @Test
    void afterPrimingNamesAreLookedUpAnew() throws Exception {
        assertThat(run(functions().findFirst().orElseThrow())).filteredOn(line -> line.startsWith("127."))
                .isEqualTo(TwoInvocations.ADDRESSES);
    }

    /** The output of {@link TwoInvocations} in its own process. */
    private static List<String> run(Template.Function function) throws Exception {
        var user = SignedIn.as("primed-%s@example.com".formatted(function.id()));
        if (function.id().equals("CreatePortalSession")) {
            user.subscribe();
        }
        var sessionId = function.id().equals("GetCheckoutSession") ? user.checkout() : "none";
        // The user's first request of its minute, as in most cases.
        RunningApi.put("Users", RunningApi.profile(user.externalId()),
                Map.of("stripe_minute", AttributeValue.fromN("0")));
        var event = Events.read(Events.nameOf(function), user.externalId(), user.session())
                .replace(Events.CHECKOUT, sessionId)
                .replace("https://app.example.com", RunningApi.uri().toString());
        if (function.id().equals("EndToken")) {
            event = event.replace(new OpaqueToken(Events.SUBSCRIBER_TOKEN).sha256(),
                    user.namedToken("{\"label\": \"primed\"}").path("id").asText());
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // The first process archives the classes for the others.
        var command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + directory.resolve("classes.jsa"),
                "-Xlog:class+load:stdout:none",
                "-Djdk.net.hosts.file=" + directory.resolve("hosts"), "-classpath",
                System.getProperty("java.class.path")));
        command.addAll(tls.flags());
        command.addAll(List.of(TwoInvocations.class.getName(), function.handler()));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        var environment = builder.environment();
        var running = RunningApi.template().function(function.id()).environment();
        function.environment().keySet()
                .forEach(name -> environment.put(name, services.getOrDefault(name, running.get(name))));
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:" + credentials.getAddress().getPort());
        var process = builder.start();
        try (var stdin = process.outputWriter(UTF_8)) {
            stdin.write(event);
        }
        try (var stdout = process.inputReader(UTF_8)) {
            return stdout.lines().toList();
        }
    }
}
