package usersapi.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** {@code template.yaml} as it is written: intrinsics are not resolved, and each is the map of its long spelling. */
public final class TemplateSource {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^!}]+)}");

    private final Map<?, ?> document;

    private TemplateSource(Map<?, ?> document) {
        this.document = document;
    }

    /** Reads the project's template. */
    public static TemplateSource read() {
        return read(file());
    }

    /** Reads a template. */
    public static TemplateSource read(Path file) {
        try (var text = Files.newBufferedReader(file)) {
            return new TemplateSource(new Yaml(new Intrinsics.Tags()).load(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The template's file. */
    static Path file() {
        return Template.projectDirectory().resolve("template.yaml");
    }

    /** The declarations of a section such as {@code Parameters}, by name. */
    public Map<String, Map<?, ?>> section(String name) {
        return ((Map<?, ?>) document.get(name)).entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> (Map<?, ?>) entry.getValue()));
    }

    /** Logical ids of the functions. */
    public List<String> functions() {
        return section("Resources").entrySet().stream()
                .filter(resource -> resource.getValue().get("Type").equals("AWS::Serverless::Function"))
                .map(Map.Entry::getKey).sorted().toList();
    }

    /** The properties of the function with this logical id, with Globals. */
    public Map<?, ?> function(String id) {
        return (Map<?, ?>) TemplateReader.merge(section("Globals").get("Function"),
                section("Resources").get(id).get("Properties"));
    }

    /** Names of the parameters on which this part depends, also by its conditions. */
    public Set<String> parametersIn(Object part) {
        return references(part).filter(section("Parameters")::containsKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Stream<String> references(Object part) {
        return switch (part) {
            case Map<?, ?> map -> map.entrySet().stream().flatMap(entry -> switch (entry.getKey().toString()) {
                case "Ref" -> Stream.of(entry.getValue().toString());
                case "Fn::Sub" -> substituted(entry.getValue());
                case "Fn::If" -> Stream.concat(condition(((List<?>) entry.getValue()).getFirst()),
                        references(entry.getValue()));
                case "Condition" -> condition(entry.getValue());
                default -> references(entry.getValue());
            });
            case List<?> list -> list.stream().flatMap(this::references);
            case null, default -> Stream.of();
        };
    }

    private Stream<String> condition(Object name) {
        return references(section("Conditions").get(name.toString()));
    }

    private Stream<String> substituted(Object argument) {
        var text = argument instanceof List<?> list ? list.getFirst() : argument;
        return Stream.concat(PLACEHOLDER.matcher(text.toString()).results().map(placeholder -> placeholder.group(1)),
                references(argument));
    }
}
