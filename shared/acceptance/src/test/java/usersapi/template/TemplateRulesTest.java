package usersapi.template;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import usersapi.lambda.AccessRules;
import usersapi.standin.Events;
import usersapi.standin.Template.Function;
import usersapi.standin.Template.Route;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;

/** Rules for every function and route of template.yaml, also for future ones. */
class TemplateRulesTest {

    private static final Path PROJECT = Template.projectDirectory();
    private static final Template TEMPLATE = Template.read(LocalTables.PARAMETERS, id -> id);

    /** The callers of the functions without a route. */
    private static final Map<String, String> WITHOUT_ROUTE = Map.ofEntries( //
            entry("Authorizer", "API Gateway, before each route"), //
            entry("SettleStorage", "the table's stream"), //
            entry("RecountStorage", "an operator"), //
            entry("ReencryptTokens", "an operator"), //
            entry("ReconcileSubscriptions", "an operator, or a schedule"), //
            entry("RevokeSessions", "an operator, or the login service"), //
            entry("DeleteUser", "an operator"), //
            entry("ExportUser", "an operator"), //
            entry("ProvisionUser", "the login service"), //
            entry("OpenSession", "the login service"), //
            entry("CloseSession", "the login service"), //
            entry("VerifyCredential", "the file service, and other services that get credentials"));

    /** The functions that may scan a table. */
    private static final Map<String, String> SCANS = Map.of( //
            "ExportUser", "finds every user, when an operator asks for it", //
            "ReconcileSubscriptions", "finds every user who is a customer, when an operator asks for it", //
            "RecountStorage", "finds every user whose files are to be recounted, when an operator asks for it", //
            "ReencryptTokens", "finds every token that an older key encrypts, when an operator asks for it");

    /** The allowed wildcards in policies; the policies of functions have none. */
    private static final Map<String, String> WILDCARDS = Map.ofEntries( //
            entry("EncryptionKey: kms:*",
                    "the account's IAM governs the key, as in the policy that AWS gives a new one"), //
            entry("EncryptionKey: *", "a key's policy can name no other resource than that key"), //
            entry("EncryptionKey: kms:ReEncrypt*", "its two halves, which AWS's services ask for together"), //
            entry("EncryptionKey: kms:GenerateDataKey*", "with and without plaintext, as AWS's services ask for"), //
            entry("ExportUser: ${Exports.Arn}/*", "a bucket's objects, which have no names beforehand"), //
            entry("ExportsPolicy: s3:*", "everything without TLS is refused"), //
            entry("ExportsPolicy: ${Exports.Arn}/*", "of each of the bucket's objects"), //
            entry("QueuePolicy: *", "a queue's policy says of that queue, over which it is"), //
            entry("QueuePolicy: sqs:*", "everything without TLS is refused"), //
            entry("SettleStorage: ${Files.Arn}/stream/*", "a stream's ARN ends in the time when it was made"), //
            entry("SiteBucketPolicy: s3:*", "everything without TLS is refused"), //
            entry("SiteBucketPolicy: ${SiteBucket.Arn}/*", "the site's files, which are public"));

    static Stream<String> functions() {
        return TEMPLATE.functions().stream().map(Function::id);
    }

    /** After 29 s API Gateway answers 504. */
    @Test
    void aFunctionOfARouteEndsBeforeApiGatewayGivesItUp() {
        assertThat(TEMPLATE.functions()).filteredOn(function -> !function.routes().isEmpty())
                .allMatch(function -> function.timeout().compareTo(Duration.ofSeconds(29)) < 0);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aFunctionsHandlerIsInItsOwnZip(String id) throws Exception {
        var function = TEMPLATE.function(id);
        var handler = Class.forName(function.handler());

        assertThat(handler).isAssignableTo(RequestStreamHandler.class);
        assertThat(handler.getSimpleName()).isEqualTo(id + "Handler");
        assertThat(handler.getConstructor()).isNotNull();
        assertThat(Path.of(handler.getProtectionDomain().getCodeSource().getLocation().toURI()))
                .startsWith(PROJECT.resolve(function.codeUri()).getParent());
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aFunctionHasAnEventAndATest(String id) {
        var function = TEMPLATE.function(id);

        assertThat(PROJECT.resolve("events").resolve(event(function))).exists();
        assertThat(module(function).resolve("src/test/java").resolve(source(function.handler() + "Test"))).exists();
    }

    @Test
    void anEventIsAFunctions() throws IOException {
        try (var files = Files.list(PROJECT.resolve("events"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("env.json")))
                    .containsExactlyInAnyOrderElementsOf(
                            TEMPLATE.functions().stream().map(TemplateRulesTest::event).toList());
        }
    }

    @Test
    void aHandlerIsAFunctions() throws IOException {
        var sources = new ArrayList<Path>();
        for (var module : Set.copyOf(TEMPLATE.functions().stream().map(TemplateRulesTest::module).toList())) {
            try (var files = Files.walk(module.resolve("src/main/java"))) {
                files.filter(file -> file.getFileName().toString().endsWith("Handler.java"))
                        .map(module.resolve("src/main/java")::relativize).forEach(sources::add);
            }
        }

        assertThat(sources).containsExactlyInAnyOrderElementsOf(
                TEMPLATE.functions().stream().map(function -> source(function.handler())).toList());
    }

    @Test
    void aFunctionHasARouteUnlessSomethingElseInvokesIt() {
        assertThat(TEMPLATE.functions()).filteredOn(function -> function.routes().isEmpty()).extracting(Function::id)
                .containsExactlyInAnyOrderElementsOf(WITHOUT_ROUTE.keySet());
        assertThat(TEMPLATE.api().authorizer()).contains("Authorizer");
    }

    @Test
    void aRouteIsOneFunctions() {
        assertThat(TEMPLATE.functions()).flatExtracting(Function::routes).doesNotHaveDuplicates();
    }

    /** Preflights are open too, which the template's reader checks. */
    @Test
    void onlyStripesWebhookAndTheWayOfASignInAreServedWithoutTheAuthorizer() {
        assertThat(TEMPLATE.functions()).flatExtracting(Function::routes)
                .filteredOn(route -> route.open())
                .containsExactlyInAnyOrder(new Route("/api/users/stripe/webhook", "POST", true),
                        new Route("/api/auth/sign-in", "GET", true), new Route("/api/auth/callback", "GET", true),
                        new Route("/api/auth/sign-out", "GET", true));
    }

    @Test
    void aRouteHasItsRowInTheAccessRulesAndEachRowARoute() {
        var routes = TEMPLATE.functions().stream().flatMap(function -> function.routes().stream()).toList();

        assertThat(AccessRules.routes()).containsExactlyInAnyOrderElementsOf(
                routes.stream().map(route -> route.method() + " " + route.path()).toList());
        assertThat(routes).allSatisfy(route -> assertThat(
                AccessRules.of(route.method(), route.path()).credentials().isEmpty()).isEqualTo(route.open()));
    }

    @Test
    void nobodyScansButThese() {
        assertThat(TEMPLATE.functions())
                .filteredOn(function -> function.policies().toString().contains("dynamodb:Scan"))
                .extracting(Function::id).containsExactlyInAnyOrderElementsOf(SCANS.keySet());
    }

    @Test
    void policiesHaveNoWildcardsButThese() throws IOException {
        var wildcards = new ArrayList<String>();
        try (var text = Files.newBufferedReader(PROJECT.resolve("template.yaml"))) {
            var resources = member((MappingNode) new Yaml().compose(text), "Resources");
            ((MappingNode) resources.getFirst()).getValue().forEach(resource -> wildcards(resource.getValueNode())
                    .forEach(found -> wildcards.add(text(resource.getKeyNode()) + ": " + found)));
        }

        assertThat(Set.copyOf(wildcards)).isEqualTo(WILDCARDS.keySet());
    }

    /** The actions and resources with a wildcard in the policy statements of this part of the template. */
    private static Stream<String> wildcards(Node node) {
        return switch (node) {
            case MappingNode statement when !member(statement, "Effect").isEmpty() ->
                Stream.of("Action", "NotAction", "Resource", "NotResource")
                        .flatMap(name -> member(statement, name).stream())
                        .flatMap(value -> value instanceof SequenceNode list
                                ? list.getValue().stream()
                                : Stream.of(value))
                        .filter(ScalarNode.class::isInstance).map(TemplateRulesTest::text)
                        .filter(value -> value.contains("*"));
            case MappingNode map -> map.getValue().stream().flatMap(entry -> wildcards(entry.getValueNode()));
            case SequenceNode list -> list.getValue().stream().flatMap(TemplateRulesTest::wildcards);
            default -> Stream.of();
        };
    }

    /** The value with this name; empty if the map does not have it. */
    private static List<Node> member(MappingNode map, String name) {
        return map.getValue().stream().filter(entry -> text(entry.getKeyNode()).equals(name))
                .map(entry -> entry.getValueNode()).toList();
    }

    private static String text(Node scalar) {
        return ((ScalarNode) scalar).getValue();
    }

    private static String event(Function function) {
        return Events.nameOf(function) + ".json";
    }

    private static Path module(Function function) {
        return PROJECT.resolve(function.codeUri()).getParent().getParent();
    }

    private static Path source(String className) {
        return Path.of(className.replace('.', '/') + ".java");
    }
}
