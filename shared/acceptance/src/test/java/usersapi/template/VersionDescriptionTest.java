package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.standin.TemplateSource;

/**
 * A function's version names the parameters that its properties use, or for a long one the number of its content:
 * CloudFormation replaces a version when its description changes, and Lambda does not publish one that differs only in its
 * description.
 */
class VersionDescriptionTest {

    private static final TemplateSource TEMPLATE = TemplateSource.read();

    /**
     * Properties that a version does not have: those of the function's role, its alias and its callers, and its description.
     */
    private static final Set<String> NOT_OF_A_VERSION = Set.of("VersionDescription", "Policies", "PermissionsBoundary",
            "Events", "EventInvokeConfig", "DeploymentPreference", "CodeSigningConfigArn");

    /** For emulators only, which need no new version. */
    private static final String FOR_EMULATORS = "AwsEndpoint";

    /** The number that stands for a long parameter. */
    private static final Pattern NUMBER = Pattern.compile("\\$\\{(\\w+)\\.VersionNumber}");

    static List<String> functions() {
        return TEMPLATE.functions();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void namesTheParametersThatTheFunctionUses(String id) {
        var function = TEMPLATE.function(id);
        var held = function.entrySet().stream()
                .filter(property -> !NOT_OF_A_VERSION.contains(property.getKey().toString()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        var used = new TreeSet<>(TEMPLATE.parametersIn(held));
        used.remove(FOR_EMULATORS);

        var named = new TreeSet<>(TEMPLATE.parametersIn(function.get("VersionDescription")));
        NUMBER.matcher(function.get("VersionDescription").toString()).results().map(number -> number.group(1))
                .map(TEMPLATE.section("Resources")::get).forEach(numbered -> {
                    assertThat((Object) numbered.get("Type")).isEqualTo("AWS::AppConfig::HostedConfigurationVersion");
                    named.addAll(TEMPLATE.parametersIn(((Map<?, ?>) numbered.get("Properties")).get("Content")));
                });
        assertThat(named).as("VersionDescription of %s", id).isEqualTo(used);
    }

    /** Lambda's maximum. */
    @ParameterizedTest
    @MethodSource("functions")
    void hasAtMost256CharactersWhateverTheParametersAre(String id) {
        var description = ((Map<?, ?>) TEMPLATE.function(id).get("VersionDescription")).get("Fn::Sub").toString();
        for (var name : TEMPLATE.parametersIn(TEMPLATE.function(id).get("VersionDescription"))) {
            description = description.replace("${" + name + "}", "x".repeat(maxLength(name)));
        }
        description = NUMBER.matcher(description).replaceAll(Integer.toString(Integer.MAX_VALUE));

        assertThat(description).doesNotContain("$").hasSizeLessThanOrEqualTo(256);
    }

    private static int maxLength(String parameter) {
        var declared = TEMPLATE.section("Parameters").get(parameter);
        if (declared.get("AllowedValues") instanceof List<?> values) {
            return values.stream().mapToInt(value -> value.toString().length()).max().orElseThrow();
        }
        return declared.get("Type").equals("Number")
                ? declared.get("MaxValue").toString().length()
                : Integer.parseInt(declared.get("MaxLength").toString());
    }

    /** A rollback needs the version before, which CloudFormation deletes otherwise. */
    @ParameterizedTest
    @MethodSource("functions")
    void staysWhenAnotherReplacesIt(String id) {
        assertThat((Object) TEMPLATE.section("Resources").get(id).get("UpdateReplacePolicy")).isEqualTo("Retain");
    }
}
