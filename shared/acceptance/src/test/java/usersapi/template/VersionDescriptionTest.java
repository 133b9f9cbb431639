package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.standin.TemplateSource;

/**
 * A function's version names the parameters that its properties use: CloudFormation replaces a version when its description
 * changes, and Lambda publishes none that differs in nothing else from the one before.
 */
class VersionDescriptionTest {

    private static final TemplateSource TEMPLATE = TemplateSource.read();

    /** What a version does not hold: properties of the function's role, its alias and its callers, and its description. */
    private static final Set<String> NOT_OF_A_VERSION = Set.of("VersionDescription", "Policies", "PermissionsBoundary",
            "Events", "EventInvokeConfig", "DeploymentPreference", "CodeSigningConfigArn");

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

        assertThat(TEMPLATE.parametersIn(function.get("VersionDescription"))).as("VersionDescription of %s", id)
                .containsExactlyInAnyOrderElementsOf(TEMPLATE.parametersIn(held));
    }

    /** The version before is what a rollback goes back to; CloudFormation deletes what it has replaced. */
    @ParameterizedTest
    @MethodSource("functions")
    void staysWhenAnotherReplacesIt(String id) {
        assertThat((Object) TEMPLATE.section("Resources").get(id).get("UpdateReplacePolicy")).isEqualTo("Retain");
    }
}
