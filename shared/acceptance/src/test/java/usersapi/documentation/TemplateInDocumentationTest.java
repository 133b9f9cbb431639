package usersapi.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;

/** The documentation names the routes, parameters, outputs and alarms that template.yaml has, and no others. */
class TemplateInDocumentationTest {

    private static final Pattern ROUTE = Pattern.compile("`([A-Z]+ /api/[^`?]*)/");
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    /** The name of an output after the word, or as the argument of the run book's function. */
    private static final Pattern OUTPUT = Pattern.compile("outputs? `(\\w+)`|\\$\\(output (\\w+)\\)");
    private static final Map<String, Node> TEMPLATE = template();

    static Stream<Page> pages() throws IOException {
        return Page.all();
    }

    private static Map<String, Node> template() {
        try (var text = Files.newBufferedReader(Template.projectDirectory().resolve("template.yaml"))) {
            return members(new Yaml().compose(text));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Node> members(Node node) {
        return ((MappingNode) node).getValue().stream().collect(Collectors
                .toMap(member -> ((ScalarNode) member.getKeyNode()).getValue(), member -> member.getValueNode()));
    }

    private static Set<String> routes() {
        return Template.read(LocalTables.PARAMETERS, id -> id).functions().stream()
                .flatMap(function -> function.routes().stream()).map(route -> route.method() + " " + route.path())
                .collect(Collectors.toSet());
    }

    private static Set<String> routes(List<String> lines) {
        return names(ROUTE, lines);
    }

    private static Set<String> names(Pattern pattern, List<String> lines) {
        return lines.stream().flatMap(line -> pattern.matcher(line).results()).map(TemplateInDocumentationTest::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(MatchResult found) {
        return Stream.iterate(1, i -> i + 1).limit(found.groupCount()).map(found::group)
                .filter(group -> group != null).findFirst().orElseThrow();
    }

    private static Set<String> firstCells(List<String> rows) {
        return names(CODE, rows.stream().map(row -> row.split("\\|", 3)[1]).toList());
    }

    @Test
    void theReadmesTableHasEachRouteAndNoOther() {
        assertThat(routes(Page.readme().rows("route"))).isEqualTo(routes());
    }

    @Test
    void theContractHasEachRouteAndNoOther() {
        assertThat(routes(Page.of("api.md").lines())).isEqualTo(routes());
    }

    @Test
    void theTableOfParametersHasEachAndNoOther() {
        assertThat(firstCells(Page.of("deploy.md").rows("parameter")))
                .isEqualTo(members(TEMPLATE.get("Parameters")).keySet());
    }

    @Test
    void theRunBookHasEachAlarmAndNoOther() {
        var alarms = members(TEMPLATE.get("Resources")).entrySet().stream()
                .filter(resource -> members(resource.getValue()).get("Type") instanceof ScalarNode type
                        && type.getValue().equals("AWS::CloudWatch::Alarm"))
                .map(Map.Entry::getKey).collect(Collectors.toSet());

        assertThat(firstCells(Page.of("operate.md").rows("alarm"))).isEqualTo(alarms);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachOutputThatAPageNamesExists(Page page) {
        assertThat(members(TEMPLATE.get("Outputs")).keySet()).containsAll(names(OUTPUT, page.lines()));
    }

    @Test
    void anOutputIsFoundAfterTheWordAndInACommand() {
        assertThat(names(OUTPUT, List.of("the output `ApiUrl`", "aws x --arn \"$(output DeleteUserArn)\"")))
                .containsExactly("ApiUrl", "DeleteUserArn");
    }
}
