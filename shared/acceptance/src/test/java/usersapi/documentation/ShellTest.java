package usersapi.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.system.RunningApi;

/** The documentation's commands, pasted into an interactive bash and an interactive zsh, which is macOS's shell. */
class ShellTest {

    /** Functions in place of the programs; each prints its arguments, one on a line. */
    private static final String RECORDED = Stream.of("mvn", "sam", "aws", "git", "curl", "openssl")
            .map("%s() { printf '%%s\\n' %1$s \"$@\"; }\n"::formatted).reduce("", String::concat);

    @TempDir
    private Path directory;

    /** A shell without its user's settings. */
    record Shell(List<String> command) {

        static final List<Shell> ALL = List.of(new Shell(List.of("bash", "--norc", "--noprofile", "-i")),
                new Shell(List.of("zsh", "--no-rcs", "-i")));

        boolean isInstalled() {
            return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, toString())));
        }

        @Override
        public String toString() {
            return command.getFirst();
        }
    }

    private record Ran(String out, String errors) {}

    static Stream<Arguments> pages() throws IOException {
        var pages = Page.all().filter(page -> !page.commands().isEmpty()).toList();
        return Shell.ALL.stream().flatMap(shell -> pages.stream().map(page -> Arguments.of(shell, page)));
    }

    static Stream<Shell> shells() {
        return Shell.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aShellReadsTheCommandsOfAPageAsTheyAreMeant(Shell shell, Page page) throws Exception {
        assumeThat(shell.isInstalled()).as("%s is not installed", shell).isTrue();

        var ran = paste(shell, RECORDED + String.join("\n", page.commands()));

        assertThat(ran.out().lines()).as("the arguments of the programs").noneMatch(line -> line.startsWith("#"));
        assertThat(ran.errors()).doesNotContain("not found", "no matches", "parse error", "syntax error");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theTourAnswersAsTheReadmeSays(Shell shell) throws Exception {
        assumeThat(shell.isInstalled()).as("%s is not installed", shell).isTrue();

        var ran = paste(shell,
                Page.readme().script().replace("http://localhost:3000", RunningApi.uri().toString()));

        assertThat(ran.errors()).doesNotContain("not found", "no matches", "parse error", "syntax error");
        assertThat(ran.out()).contains("\"email\":\"you@example.com\",\"is_authenticated\":true",
                "{\"message\":\"Not authenticated\"}", "\"tz\":\"Europe/Zurich\"", "\"detail\":\"tz: ",
                "{\"plan\":\"pro\",\"status\":\"active\"");
    }

    private Ran paste(Shell shell, String text) throws IOException, InterruptedException {
        var out = directory.resolve("out");
        var errors = directory.resolve("errors");
        var process = new ProcessBuilder(shell.command).directory(directory.toFile()).redirectOutput(out.toFile())
                .redirectError(errors.toFile()).start();
        try (var stdin = process.outputWriter(UTF_8)) {
            stdin.write(text + "\n");
        }
        process.waitFor();
        return new Ran(Files.readString(out), Files.readString(errors));
    }
}
