package usersapi.standin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The CloudFormation template that SAM makes of {@code template.yaml}, by AWS's translator. It is a Python library
 * ({@code aws-sam-translator}, which {@code cfn-lint} installs too) that not every machine has.
 */
public final class TranslatedTemplate {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * The deployed resources.
     *
     * @param parameters values for the template's parameters; the others take their defaults
     * @param zips the zips' names in the bucket of `sam package` by {@code CodeUri}, which depend on the zips' bytes; a zip
     *     that is not in the map has its {@code CodeUri} as its name
     */
    public record Deployment(Map<String, String> parameters, Map<String, String> zips) {}

    private final Map<String, Map<?, ?>> resources;
    private final Map<String, String> types;
    private final Intrinsics intrinsics;

    private TranslatedTemplate(Map<?, ?> document, Map<String, String> parameters) {
        resources = section(document, "Resources");
        types = resources.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get("Type").toString()));
        var values = new HashMap<String, String>();
        section(document, "Parameters").forEach((name, declared) -> {
            if (declared.containsKey("Default")) {
                values.put(name, declared.get("Default").toString());
            }
        });
        values.putAll(parameters);
        intrinsics = new Intrinsics(values, new Properties("Conditions", document.get("Conditions")), types, id -> id);
    }

    private static Map<String, Map<?, ?>> section(Map<?, ?> document, String name) {
        return ((Map<?, ?>) document.get(name)).entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> (Map<?, ?>) entry.getValue()));
    }

    /** Whether this machine has the translator. */
    public static boolean isAvailable() {
        try {
            return new ProcessBuilder("python3", "-c", "import samtranslator").redirectError(Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException noPython) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Translates the project's template for each of these deployments. */
    public static List<TranslatedTemplate> of(List<Deployment> deployments) {
        try (var script = TranslatedTemplate.class.getResourceAsStream("translate.py")) {
            var input = JSON.writeValueAsString(
                    Map.of("template", TemplateSource.file().toString(), "deployments", deployments));
            var process = python(new String(script.readAllBytes(), StandardCharsets.UTF_8), input);
            var documents = process.inputReader(StandardCharsets.UTF_8).lines()
                    .map(TranslatedTemplate::parse).toList();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("aws-sam-translator refuses template.yaml: the test's output says why");
            }
            var translated = new ArrayList<TranslatedTemplate>();
            for (var i = 0; i < deployments.size(); i++) {
                translated.add(new TranslatedTemplate(documents.get(i), deployments.get(i).parameters()));
            }
            return translated;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process python(String script, String input) throws IOException {
        var process = new ProcessBuilder("python3", "-c", script).redirectError(Redirect.INHERIT).start();
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(input);
        }
        return process;
    }

    private static Map<?, ?> parse(String json) {
        try {
            return JSON.readValue(json, Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Logical ids of the resources of this type. */
    public List<String> ids(String type) {
        return types.keySet().stream().filter(id -> types.get(id).equals(type)).sorted().toList();
    }

    /** The resource's properties, with every intrinsic resolved. */
    public Map<?, ?> properties(String id) {
        return (Map<?, ?>) intrinsics.resolve(id, resources.get(id).get("Properties"));
    }
}
