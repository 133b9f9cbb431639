package usersapi.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import usersapi.config.Environment;
import usersapi.standin.Events;
import usersapi.standin.LocalAws;
import usersapi.standin.ServerStartException;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/**
 * Serves the API of a template on the loopback address. The services of AWS that the functions need run in the same JVM. It
 * emulates API Gateway and Lambda, and refuses at start a template that needs more.
 */
public final class LocalGateway implements AutoCloseable {

    /** More than API Gateway accepts, so that the server can give API Gateway's refusal. */
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final Server server;
    private final Functions functions;
    private final Template template;
    private final Billing billing;
    private final Optional<ProviderEndpoints> provider;
    private final List<StreamPoller> pollers;

    private LocalGateway(Server server, Template template, Functions functions, Billing billing,
            Optional<ProviderEndpoints> provider, List<StreamPoller> pollers) {
        this.server = server;
        this.template = template;
        this.functions = functions;
        this.billing = billing;
        this.provider = provider;
        this.pollers = pollers;
    }

    /** Serves until the process ends. The system properties are those of {@link LocalOptions#of}. */
    public static void main(String[] args) {
        try {
            var options = LocalOptions.of(System.getProperties());
            var aws = LocalAws.start(options.data(), options.aws());
            var gateway = start(Template.projectDirectory().resolve("template.yaml"), aws, id -> id, options);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                gateway.close();
                aws.close();
            }));
            var demo = gateway.signInDemoUser(aws, options.isFixed());
            System.out.println(new Banner(gateway, aws, demo, options).text());
            // The process ends with its parent, because a killed Maven would leave it running.
            ProcessHandle.current().parent().ifPresentOrElse(maven -> maven.onExit().join(), gateway::join);
            System.exit(0);
        } catch (ServerStartException | UnsupportedTemplateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    /**
     * Signs the demo user in.
     *
     * @param isFixed whether there is all that the events in {@code events/} name
     */
    DemoUser signInDemoUser(LocalAws aws, boolean isFixed) {
        Environment environment = template.environment()::get;
        var demo = DemoUser.DEMO.signIn(aws, environment, isFixed);
        if (isFixed && billing.isStandIn()) {
            billing.addExpiredCheckout(Events.CHECKOUT, demo.externalId());
            DemoSubscription.buy(this, DemoUser.SUBSCRIBER.signIn(aws, environment, true)
                    .withNamedToken(aws, environment, Events.SUBSCRIBER_TOKEN));
        }
        return demo;
    }

    /**
     * Starts a server.
     *
     * @param file the template; the site in {@code functions/site} next to it is served too, if there is one
     * @param aws holds the template's tables and secrets
     * @param names gives a table or a secret its name from its logical id
     * @param port 0 for any free port
     * @throws ServerStartException if the port is not available
     * @throws UnsupportedTemplateException if something in the template has no counterpart here
     */
    public static LocalGateway start(Path file, LocalAws aws, UnaryOperator<String> names, int port) {
        return start(file, aws, names,
                new LocalOptions(port, Optional.empty(), InetAddress.getLoopbackAddress(), 0));
    }

    private static LocalGateway start(Path file, LocalAws aws, UnaryOperator<String> names, LocalOptions options) {
        var server = new Server(new VirtualThreadPool());
        var connector = new ServerConnector(server, AsSentConnection.factory(configuration()));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(options.port());
        server.addConnector(connector);
        server.setErrorHandler(LocalGateway::refuse);
        try {
            // The functions' environment contains the port, so it is opened before they are made.
            connector.open();
        } catch (IOException e) {
            throw ServerStartException.listening(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), "port", e);
        }
        try {
            var origins = List.of("http://127.0.0.1:" + connector.getLocalPort(),
                    "http://localhost:" + connector.getLocalPort());
            // Over plain HTTP a browser accepts no cookie with a name that begins with __Host-.
            var identityProvider = IdentityProvider.of(System::getenv, URI.create(origins.getFirst()));
            var parameters = new HashMap<>(identityProvider.parameters());
            parameters
                    .putAll(Map.of("FrontendOrigin", origins.getFirst(), "StripePlans", Billing.PLANS, "SessionCookie",
                            "sessionid", "CsrfCookie", "csrftoken"));
            // For a browser localhost and 127.0.0.1 differ; the template has one frontend only.
            var deployed = aws.deploy(Template.read(file, parameters, names))
                    .replacing(Map.of("FRONTEND_ORIGINS", String.join(",", origins), "SIGN_IN_COOKIE", "sign-in"));
            identityProvider.putSecret(deployed, aws);
            var billing = Billing.start(deployed, aws, URI.create(origins.getFirst()), options);
            var template = deployed.replacing(billing.environment());
            var functions = new Functions(template.functions());
            var queues = new Queues(template.queues(), options.data().map(data -> data.resolve("queues")));
            var standIns = new StandIns(template, functions, Set.copyOf(origins), aws.dynamoDb(), billing, queues,
                    identityProvider);
            var directory = file.resolveSibling("functions/site");
            var site = Files.isDirectory(directory)
                    ? Optional.of(new Site(directory, template, URI.create(origins.getFirst())))
                    : Optional.<Site>empty();
            var lambda = new LambdaApi(functions, Set.copyOf(origins));
            server.setHandler(new ApiGateway(template, functions, lambda, standIns, site, new SiteHeaders(file)));
            var provider = options.provider().filter(any -> identityProvider.isStandIn())
                    .map(address -> ProviderEndpoints.start(identityProvider, address));
            var pollers = pollers(template, functions, queues, aws);
            server.start();
            return new LocalGateway(server, template, functions, billing, provider, pollers);
        } catch (Exception e) {
            connector.close();
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private static List<StreamPoller> pollers(Template template, Functions functions, Queues queues,
            LocalAws aws) {
        return template.functions().stream()
                .flatMap(function -> function.streams().stream().map(source -> new StreamPoller(function, source,
                        functions, queues, aws.streams(), aws.streamArn(template.table(source.table())))))
                .toList();
    }

    private static HttpConfiguration configuration() {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setResponseHeaderSize(MAX_HEADER_BYTES);
        http.setSendServerVersion(false);
        // A REST API passes on header names and paths as they were sent.
        http.setHttpCompliance(
                HttpCompliance.RFC9110.with("as sent", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
        http.setUriCompliance(UriCompliance.UNSAFE);
        return http;
    }

    /** Answers a request that violates HTTP and never reaches the API. */
    private static boolean refuse(Request request, Response response, Callback callback) {
        response.getHeaders().put("Content-Type", "application/json");
        // The server closes the connection, and a client that keeps connections must know.
        response.getHeaders().put("Connection", "close");
        var body = "{\"message\":\"%s\"}".formatted(HttpStatus.getMessage(response.getStatus()));
        Content.Sink.write(response, true, body, callback);
        return true;
    }

    private void join() {
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The served template. */
    public Template template() {
        return template;
    }

    /** The functions' address of Stripe; empty if the template does not use Stripe. */
    Optional<URI> stripe() {
        return billing.endpoint();
    }

    /** The server's address. */
    public URI uri() {
        var port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Waits for running requests, then stops. */
    @Override
    public void close() {
        pollers.forEach(StreamPoller::close);
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        } finally {
            functions.close();
            billing.close();
            provider.ifPresent(ProviderEndpoints::close);
        }
    }
}
