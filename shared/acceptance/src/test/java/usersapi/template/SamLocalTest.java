package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import usersapi.standin.Events;
import usersapi.standin.Template;
import usersapi.testing.LocalTables;

/** {@code sam local} works without options, because samconfig.toml and events/env.json have all that it needs. */
class SamLocalTest {

    private static final Path PROJECT = Template.projectDirectory();
    private static final List<String> COMMANDS = List.of("local_invoke", "local_start_api", "local_start_lambda");

    /** The tables of samconfig.toml that {@code sam local} reads, by environment and command. */
    private static Map<String, Map<String, String>> tables() throws IOException {
        var tables = new TreeMap<String, Map<String, String>>();
        Map<String, String> table = new HashMap<>();
        for (var line : Files.readAllLines(PROJECT.resolve("samconfig.toml"))) {
            if (line.startsWith("[")) {
                table = new HashMap<>();
                tables.put(line.substring(1).replace(".parameters]", ""), table);
            } else if (line.matches("\\w+ = .*")) {
                table.put(line.replaceFirst(" = .*", ""), line.replaceFirst("\\w+ = ", "").replace("\"", ""));
            }
        }
        return tables;
    }

    private static Map<String, String> overrides(Map<String, String> table) {
        return Pattern.compile(" ").splitAsStream(table.get("parameter_overrides"))
                .collect(Collectors.toMap(pair -> pair.replaceFirst("=.*", ""),
                        pair -> pair.replaceFirst("[^=]*=", "")));
    }

    /** The parameters without a default; {@code sam local} would use the name of one as its value. */
    private static List<String> parametersWithoutDefault() throws IOException {
        var text = Files.readString(PROJECT.resolve("template.yaml"));
        var parameters = text.substring(text.indexOf("\nParameters:\n") + 13, text.indexOf("\nRules:\n"));
        return Pattern.compile("(?m)^(?=  \\w+:$)").splitAsStream(parameters)
                .filter(block -> !block.isBlank() && !block.contains("\n    Default: "))
                .map(block -> block.strip().replaceFirst("(?s):.*", "")).toList();
    }

    @Test
    void everyCommandHasAValueForEveryParameter() throws IOException {
        var without = parametersWithoutDefault();

        assertThat(without).contains("FrontendOrigin");
        for (var environment : List.of("default", "x86_64")) {
            for (var command : COMMANDS) {
                assertThat(overrides(tables().get(environment + "." + command))).as(environment + " " + command)
                        .containsKeys(without.toArray(String[]::new));
            }
        }
    }

    @Test
    void allCommandsAreToldTheSame() throws IOException {
        for (var environment : List.of("default", "x86_64")) {
            var invoke = tables().get(environment + ".local_invoke");
            for (var command : COMMANDS) {
                var told = new HashMap<>(tables().get(environment + "." + command));
                told.remove("port");
                assertThat(told).isEqualTo(invoke);
            }
            assertThat(tables().get(environment + ".global")).containsEntry("template_file", "template.yaml");
        }
        var x86 = new HashMap<>(overrides(tables().get("x86_64.local_invoke")));
        assertThat(x86.remove("Architecture")).isEqualTo("x86_64");
        assertThat(x86).isEqualTo(overrides(tables().get("default.local_invoke")));
    }

    @Test
    void noCommandTakesAPortOfTheLocalServer() throws IOException {
        assertThat(tables().values().stream().map(table -> table.get("port")).distinct())
                .containsExactlyInAnyOrder(null, "3001", "3002");
    }

    @Test
    void theEventsComeFromTheOrigin() throws IOException {
        var origin = overrides(tables().get("default.local_invoke")).get("FrontendOrigin");

        assertThat(Events.read("update-settings")).contains("\"Origin\": \"" + origin + "\"");
    }

    /** SAM ignores a variable that the template does not have, and the function would call the real service. */
    @Test
    void everyVariableOfTheEnvironmentFileIsTheTemplates() throws IOException {
        var variables = new JsonMapper().readTree(PROJECT.resolve("events/env.json").toFile()).path("Parameters");

        assertThat(variables.size()).isPositive();
        assertThat(Template.read(LocalTables.PARAMETERS, id -> id).environment().keySet())
                .containsAll(variables.propertyStream().map(Map.Entry::getKey).toList());
        assertThat(variables)
                .allMatch(url -> url.asText().matches("http://host\\.docker\\.internal:456[6-9](/local/openid)?"));
    }
}
