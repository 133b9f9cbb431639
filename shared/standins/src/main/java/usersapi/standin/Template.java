package usersapi.standin;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/**
 * {@code template.yaml} as records, with Globals merged in and intrinsics resolved: the source of routes, tables and
 * environments for tests and the local server. It refuses unknown properties by name, so that nothing that matters on AWS is
 * silently missing here.
 */
public record Template(List<Function> functions, Api api, List<Table> tables, List<Secret> secrets,
        List<Queue> queues) {

    /**
     * A Lambda function.
     *
     * @param handler the handler's class
     * @param memory in MB
     * @param architecture {@code arm64} or {@code x86_64}
     * @param alias the alias by which callers invoke it, if it has one
     * @param hasSnapshot whether SnapStart starts it from a snapshot
     * @param policies the policies in the template
     */
    public record Function(String id, String handler, String codeUri, Duration timeout, int memory,
            String architecture, Optional<String> alias, boolean hasSnapshot,
            Map<String, String> environment, List<Route> routes, List<StreamSource> streams, List<?> policies) {

        /**
         * Makes an instance that is configured by this environment.
         *
         * @param type the type of its constructor's parameter
         * @throws IllegalStateException if its handler is not on the class path, or its constructor fails
         */
        public <T> RequestStreamHandler instance(Class<T> type, T environment) {
            try {
                return Class.forName(handler).asSubclass(RequestStreamHandler.class).getConstructor(type)
                        .newInstance(environment);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(handler, e);
            }
        }

        private Function with(Map<String, String> variables) {
            return new Function(id, handler, codeUri, timeout, memory, architecture, alias, hasSnapshot,
                    Map.copyOf(variables),
                    routes, streams, policies);
        }
    }

    /**
     * A method of the API.
     *
     * @param path the path in API Gateway, without a trailing slash
     * @param method in upper case
     * @param open whether no authorizer guards it
     */
    public record Route(String path, String method, boolean open) {}

    /**
     * A table's stream that a function consumes.
     *
     * @param table the table's logical id
     * @param settings batch size, retries and the like, from the template
     */
    public record StreamSource(String table, Map<String, Object> settings) {}

    /**
     * The REST API.
     *
     * @param authorizer logical id of the function that guards each route that is not open
     * @param gatewayResponses by type, for example {@code ACCESS_DENIED}
     * @param binaryMediaTypes content types whose bodies travel to and from functions in Base64
     */
    public record Api(String id, String stage, Optional<String> authorizer, Optional<Cors> cors,
            Map<String, GatewayResponse> gatewayResponses, List<String> binaryMediaTypes) {}

    /** The API's answer to a preflight; values without API Gateway's single quotes. */
    public record Cors(String allowOrigin, boolean allowCredentials, String allowHeaders, String allowMethods,
            Optional<String> maxAge) {}

    /**
     * One of API Gateway's own answers.
     *
     * @param headers values without API Gateway's single quotes
     * @param templates bodies by content type
     */
    public record GatewayResponse(Optional<Integer> status, Map<String, String> headers,
            Map<String, String> templates) {}

    /** A DynamoDB table. */
    public record Table(String id, CreateTableRequest request, Optional<String> ttlAttribute) {

        public String name() {
            return request.tableName();
        }

        /** The key with these values, the partition key's first. */
        public Map<String, AttributeValue> key(String... values) {
            var key = new LinkedHashMap<String, AttributeValue>();
            for (int i = 0; i < request.keySchema().size(); i++) {
                key.put(request.keySchema().get(i).attributeName(), AttributeValue.fromS(values[i]));
            }
            return key;
        }

        /** The key of this item. */
        public Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item) {
            return request.keySchema().stream().map(KeySchemaElement::attributeName)
                    .collect(Collectors.toMap(name -> name, item::get));
        }
    }

    /** An SQS queue. */
    public record Queue(String id, String arn) {}

    /**
     * A secret whose value Secrets Manager generates at deployment: a JSON object with one random password.
     *
     * @param name its name in a function's environment
     * @param json the object's text without the password
     * @param key the password's name in it
     */
    public record Secret(String id, String name, String json, String key, int length, boolean punctuation) {

        private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        // Without the characters that JSON escapes.
        private static final String PUNCTUATION = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~";

        /** A new random value. */
        public String generate() {
            var alphabet = punctuation ? ALPHANUMERIC + PUNCTUATION : ALPHANUMERIC;
            var password = new StringBuilder();
            new SecureRandom().ints(length, 0, alphabet.length()).forEach(i -> password.append(alphabet.charAt(i)));
            var open = json.substring(0, json.lastIndexOf('}')).strip();
            return "%s%s\"%s\":\"%s\"}".formatted(open, open.equals("{") ? "" : ",", key, password);
        }
    }

    /** The environment of all functions together, for a JVM that runs them all. Two values of one variable are refused. */
    public Map<String, String> environment() {
        var merged = new TreeMap<String, String>();
        for (var function : functions) {
            function.environment().forEach((name, value) -> {
                if (!merged.computeIfAbsent(name, absent -> value).equals(value)) {
                    throw new UnsupportedTemplateException(
                            "%s.Environment.Variables.%s: another function has another value"
                                    .formatted(function.id(), name));
                }
            });
        }
        return merged;
    }

    /** The same template with these values of the functions' variables; other variables stay, and none are added. */
    public Template replacing(Map<String, String> values) {
        return mapping(variables -> values.forEach(variables::replace));
    }

    /** The same template with these further variables of all functions. */
    public Template adding(Map<String, String> values) {
        return mapping(variables -> variables.putAll(values));
    }

    private Template mapping(Consumer<Map<String, String>> change) {
        var changed = functions.stream().map(function -> {
            var variables = new HashMap<>(function.environment);
            change.accept(variables);
            return function.with(variables);
        }).toList();
        return new Template(changed, api, tables, secrets, queues);
    }

    /** The function of this logical id. */
    public Function function(String id) {
        return functions.stream().filter(function -> function.id().equals(id)).findFirst()
                .orElseThrow(() -> new UnsupportedTemplateException("Resources: no function " + id));
    }

    /** The table of this logical id. */
    public Table table(String id) {
        return tables.stream().filter(table -> table.id().equals(id)).findFirst()
                .orElseThrow(() -> new UnsupportedTemplateException("Resources: no table " + id));
    }

    /**
     * The repository's directory: the system property {@code project.directory}, or the nearest directory above with a
     * template.
     */
    public static Path projectDirectory() {
        var given = System.getProperty("project.directory");
        if (given != null) {
            return Path.of(given);
        }
        return Stream.iterate(Path.of("").toAbsolutePath(), directory -> directory != null, Path::getParent)
                .filter(directory -> Files.exists(directory.resolve("template.yaml"))).findFirst()
                .orElseThrow(() -> new IllegalStateException("no template.yaml here or in a directory above"));
    }

    /**
     * Reads {@code template.yaml} in the project's directory.
     *
     * @see #read(Path, Map, UnaryOperator)
     */
    public static Template read(Map<String, String> parameters, UnaryOperator<String> names) {
        return read(projectDirectory().resolve("template.yaml"), parameters, names);
    }

    /**
     * Reads a template.
     *
     * @param parameters values for its parameters; the others take their defaults
     * @param names the name of a table or a secret by its logical id
     */
    public static Template read(Path file, Map<String, String> parameters, UnaryOperator<String> names) {
        try (var text = Files.newBufferedReader(file)) {
            Object document = new Yaml(new Intrinsics.Tags()).load(text);
            return new TemplateReader(new Properties(file.getFileName().toString(), document), parameters, names)
                    .template();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
