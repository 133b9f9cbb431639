package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import usersapi.standin.Template;

/** CI runs fixed versions of actions, and each of its jobs has only the rights that it needs. */
class WorkflowsTest {

    private static final Path PROJECT = Template.projectDirectory();
    private static final Pattern ACTION = Pattern.compile("uses: *(.*)");

    static List<Path> workflows() {
        try (var files = Files.list(PROJECT.resolve(".github/workflows"))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tag can be moved to other code. */
    @ParameterizedTest
    @MethodSource("workflows")
    void everyActionIsNamedByItsCommitAndVersion(Path workflow) throws IOException {
        var actions = ACTION.matcher(Files.readString(workflow)).results().map(use -> use.group(1)).toList();

        assertThat(actions).isNotEmpty()
                .allMatch(action -> action.matches("[\\w.-]+(/[\\w.-]+)+@[0-9a-f]{40} # v\\S+"));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void everyJobNamesItsRightsAndNothingElseHasAny(Path workflow) throws IOException {
        Map<String, Object> read = new Yaml().load(Files.readString(workflow));
        var jobs = (Map<?, ?>) read.get("jobs");

        assertThat(read.get("permissions")).isEqualTo(Map.of());
        assertThat(jobs.values()).isNotEmpty().allMatch(job -> ((Map<?, ?>) job).containsKey("permissions"));
    }

    @Test
    void everyPythonPackageHasItsVersion() throws IOException {
        assertThat(Files.readAllLines(PROJECT.resolve(".ci/requirements.txt")))
                .filteredOn(line -> !line.startsWith("#"))
                .isNotEmpty().allMatch(line -> line.matches("[\\w-]+==[\\d.]+"));
    }
}
