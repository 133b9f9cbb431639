package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import usersapi.standin.Template;

/** The API's description, {@code functions/site/openapi.json}, against which the tests check the API. */
final class ApiDescription {

    private static final String OPENAPI = "https://spec.openapis.org/";
    private static final String IRI = "https://users-api.example/openapi.json";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch",
            "trace");
    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

    /** A method of a path; {@code path} ends in a slash, {@code method} is in upper case. */
    record Operation(String method, String path, JsonNode description) {

        /** The parameter in the path, in its braces; empty if there is none. */
        Optional<String> parameter() {
            return PARAMETER.matcher(path).results().map(MatchResult::group).findFirst();
        }

        /**
         * Whether a request for this path, as sent, is for this operation: a parameter is one segment, and repeated slashes
         * count once.
         */
        private boolean isAt(String sent) {
            return sent.replaceAll("/+", "/").replaceFirst("/?$", "/")
                    .matches(PARAMETER.matcher(path).replaceAll("[^/]+"));
        }
    }

    private final JsonNode document;
    private final SchemaRegistry registry;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    /** The answers that passed the check; most are repeated often. */
    private final Set<String> described = ConcurrentHashMap.newKeySet();

    ApiDescription(JsonNode document) {
        this.document = document;
        registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(iri -> iri.equals(IRI) ? document.toString() : openApiSchema(iri)));
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(member -> METHODS.contains(member.getKey()))
                .forEach(operation -> operations.add(new Operation(operation.getKey().toUpperCase(Locale.ROOT),
                        path.getKey(), operation.getValue()))));
    }

    static ApiDescription read() {
        try {
            return new ApiDescription(JSON.readTree(
                    Files.readString(Template.projectDirectory().resolve("functions/site/openapi.json"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The OpenAPI Initiative's schema with this address, from a library on the class path. */
    private static String openApiSchema(String iri) {
        try (var resource = iri.startsWith(OPENAPI)
                ? ApiDescription.class.getResourceAsStream(iri.substring("https:/".length()))
                : null) {
            return resource == null ? null : new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        return operations;
    }

    /** The faults of the document by the schema of OpenAPI 3.1. */
    List<Error> faults() {
        return registry.getSchema(SchemaLocation.of(OPENAPI + "oas/3.1/schema-base/2022-10-07")).validate(document);
    }

    /** The operation of a request; {@code path} as sent. */
    Optional<Operation> find(String method, String path) {
        return operations.stream().filter(known -> known.method().equals(method) && known.isAt(path)).findFirst();
    }

    /**
     * Fails if an answer is not described: an unknown status, a body that the schema does not allow, or anything but a
     * refusal for an unknown operation.
     *
     * @param path as sent
     */
    void check(String method, String path, int status, String body) {
        if (method.equals("HEAD") || method.equals("OPTIONS")) {
            // API Gateway's own answers: one without a body, the other to a preflight.
            return;
        }
        var operation = find(method, path);
        if (operation.isEmpty()) {
            assertThat(status).as("%s %s, which is not described", method, path).isIn(404, 413, 431);
            checkBody("#/components/schemas/Refused", method + " " + path, body);
            return;
        }
        var answer = "%s %s %d %s".formatted(method, operation.get().path(), status, body);
        if (described.contains(answer)) {
            return;
        }
        var response = resolved(operation.get().description().path("responses").path(String.valueOf(status)));
        assertThat(response.isMissingNode())
                .as("%s %s answers %d, which is not described: %s", method, path, status, body)
                .isFalse();
        if (!response.has("content")) {
            assertThat(body).as("%s %s, %d", method, path, status).isEmpty();
            return;
        }
        checkBody(content(response).path("schema").path("$ref").asText(), "%s %s, %d".formatted(method, path, status),
                body);
        described.add(answer);
    }

    private void checkBody(String reference, String what, String body) {
        try {
            assertThat(faults(reference, JSON.readTree(body))).as("%s: %s", what, body).isEmpty();
        } catch (IOException e) {
            throw new AssertionError("%s: no JSON: %s".formatted(what, body), e);
        }
    }

    private List<Error> faults(String reference, JsonNode value) {
        return schemas.computeIfAbsent(reference, ref -> registry.getSchema(SchemaLocation.of(IRI + ref)))
                .validate(value);
    }

    private JsonNode resolved(JsonNode node) {
        return Optional.ofNullable(node.get("$ref"))
                .map(reference -> document.at(reference.asText().substring(1))).orElse(node);
    }

    private static JsonNode content(JsonNode holder) {
        return holder.path("content").path("application/json");
    }

    /** The faults of the examples; each content has at least one. */
    List<Error> faultsOfExamples() {
        var faults = new ArrayList<Error>();
        var contents = new HashSet<JsonNode>();
        document.findValues("content").forEach(content -> contents.add(content.path("application/json")));
        for (var content : contents) {
            var examples = new ArrayList<JsonNode>();
            content.path("examples").forEach(example -> examples.add(example.path("value")));
            Optional.ofNullable(content.get("example")).ifPresent(examples::add);
            assertThat(examples).as(content.toString()).isNotEmpty();
            examples.forEach(
                    example -> faults.addAll(faults(content.path("schema").path("$ref").asText(), example)));
        }
        return faults;
    }
}
