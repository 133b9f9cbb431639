package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.standin.Template;
import usersapi.standin.TemplateSource;
import usersapi.standin.TranslatedTemplate.Deployment;
import usersapi.standin.TranslatedTemplate;
import usersapi.testing.LocalTables;

/**
 * A deployment publishes a version of exactly the functions that it changes. Without a needed version callers keep the old
 * configuration; a needless one fails the deployment, because Lambda does not publish it.
 */
class PublishedVersionsTest {

    private static final String NOTHING = "nothing";

    /** Other values for the parameters that have neither allowed values nor a default that can be lengthened. */
    private static final Map<String, String> OTHER_VALUES = Map.of( //
            "FrontendOrigin", "https://www.example.com", //
            "StripePlans", "pro=price_other", //
            "AlarmEmail", "alarms@example.com");

    /** The properties of the function as a whole, which its versions do not have. */
    private static final Set<String> NOT_OF_A_VERSION = Set.of("Tags", "CodeSigningConfigArn");

    /** The deployments by their difference from the first one. */
    private static final Map<String, TranslatedTemplate> DEPLOYED = new HashMap<>();

    @BeforeAll
    static void translate() {
        assumeThat(TranslatedTemplate.isAvailable())
                .as("python3 with aws-sam-translator, which this machine does not have").isTrue();
        var deployments = new LinkedHashMap<String, Deployment>();
        deployments.put("first", new Deployment(LocalTables.PARAMETERS, Map.of()));
        deployments.put(NOTHING, new Deployment(LocalTables.PARAMETERS, Map.of()));
        zips().forEach(zip -> deployments.put(zip, new Deployment(LocalTables.PARAMETERS, Map.of(zip, "other.zip"))));
        TemplateSource.read().section("Parameters").forEach((name, declared) -> {
            var parameters = new HashMap<>(LocalTables.PARAMETERS);
            parameters.put(name, otherValue(name, declared));
            deployments.put(name, new Deployment(parameters, Map.of()));
        });
        var translated = TranslatedTemplate.of(List.copyOf(deployments.values()));
        for (var name : deployments.keySet()) {
            DEPLOYED.put(name, translated.get(DEPLOYED.size()));
        }
    }

    static List<String> zips() {
        return Template.read(LocalTables.PARAMETERS, id -> id).functions().stream().map(Template.Function::codeUri)
                .distinct().toList();
    }

    static Stream<String> changes() {
        // AwsEndpoint is for emulators only.
        return Stream.of(List.of(NOTHING), zips(), TemplateSource.read().section("Parameters").keySet())
                .flatMap(Collection::stream).filter(change -> !change.equals("AwsEndpoint"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void publishesTheFunctionsThatChanged(String change) {
        assertThat(differing(versions("first"), versions(change)))
                .as("functions of which a version is published when %s changes", change)
                .isEqualTo(differing(functions("first"), functions(change)));
    }

    @Test
    void publishesEveryFunctionOfAZip() {
        var functions = Template.read(LocalTables.PARAMETERS, id -> id).functions();
        for (var zip : zips()) {
            assertThat(differing(versions("first"), versions(zip))).containsExactlyInAnyOrderElementsOf(functions
                    .stream().filter(function -> function.codeUri().equals(zip)).map(Template.Function::id).toList());
        }
    }

    /** The properties of each function, by its logical id. */
    private static Map<String, Object> functions(String deployment) {
        var template = DEPLOYED.get(deployment);
        return template.ids("AWS::Lambda::Function").stream()
                .collect(Collectors.toMap(id -> id, id -> template.properties(id).entrySet().stream()
                        .filter(property -> !NOT_OF_A_VERSION.contains(property.getKey().toString()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
    }

    /** The properties by which CloudFormation distinguishes versions, by the function's logical id. */
    private static Map<String, Object> versions(String deployment) {
        var template = DEPLOYED.get(deployment);
        return template.ids("AWS::Lambda::Version").stream().collect(Collectors.toMap(
                id -> template.properties(id).get("FunctionName").toString(),
                id -> List.of(id, template.properties(id), numbered(template, template.properties(id)))));
    }

    /**
     * The contents whose numbers the version's description has. CloudFormation replaces a hosted configuration version whose
     * content changes, because the property is create-only in the resource's schema; the new one has another number.
     */
    private static List<Object> numbered(TranslatedTemplate template, Map<?, ?> version) {
        return template.ids("AWS::AppConfig::HostedConfigurationVersion").stream()
                .filter(id -> version.get("Description").toString().contains(id))
                .<Object>map(id -> template.properties(id).get("Content")).toList();
    }

    private static Set<String> differing(Map<String, Object> before, Map<String, Object> after) {
        var ids = new TreeMap<>(before);
        ids.putAll(after);
        return ids.keySet().stream().filter(id -> !Objects.equals(before.get(id), after.get(id)))
                .collect(Collectors.toSet());
    }

    private static String otherValue(String name, Map<?, ?> declared) {
        var value = LocalTables.PARAMETERS.getOrDefault(name, String.valueOf(declared.get("Default")));
        if (OTHER_VALUES.containsKey(name)) {
            return OTHER_VALUES.get(name);
        }
        if (declared.get("AllowedValues") instanceof List<?> allowed) {
            return allowed.stream().map(Object::toString).filter(other -> !other.equals(value)).findFirst()
                    .orElseThrow();
        }
        return declared.get("Type").equals("Number") ? value + "0" : value + "x";
    }
}
