package usersapi.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links lead to a file and a heading that exist, and a command means the same in each shell. */
class DocumentationTest {

    private static final int MAX_README_LINES = 180;
    /** A link to a page here, to one of its headings, or to both. */
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");
    /**
     * A comment, which an interactive zsh reads as arguments; a pattern of files; an option that PowerShell cuts at its dot.
     */
    private static final Pattern UNSAFE = Pattern.compile("(^|\\s)#|[?*\\[]|(^|\\s)-D\\w+\\.");

    static Stream<Page> pages() throws IOException {
        return Page.all();
    }

    private static boolean isSafe(String command) {
        return !UNSAFE.matcher(QUOTED.matcher(command).replaceAll("''")).find();
    }

    @Test
    void theReadmeIsForTheFirstTenMinutes() {
        assertThat(Page.readme().lines()).hasSizeLessThanOrEqualTo(MAX_README_LINES);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Page page) {
        for (var line : page.lines()) {
            LINK.matcher(line).results().forEach(
                    link -> assertThat(page.path().resolveSibling(link.group(1))).as("in the line: %s", line).exists());
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void anchorsLeadToAHeading(Page page) {
        for (var line : page.lines()) {
            LINK.matcher(line).results().filter(link -> link.group(2) != null)
                    .forEach(link -> assertThat(page.linked(link.group(1)).anchors()).as("in the line: %s", line)
                            .contains(link.group(2)));
        }
    }

    @Test
    void aHeadingsAnchorIsTheOneThatGitHubGivesIt() {
        assertThat(Page.anchor("## With `sam local`, and x86")).isEqualTo("with-sam-local-and-x86");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsMeanTheSameInEachShell(Page page) {
        assertThat(page.commands()).allMatch(DocumentationTest::isSafe);
        assertThat(page.script().lines()).allMatch(DocumentationTest::isSafe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mvn verify   # all tests", "# all tests", "curl http://127.0.0.1:3000/?a=b", "ls *.zip",
            "mvn -Daws.port=1", "echo a[1]"})
    void anUnsafeCommandIsFound(String command) {
        assertThat(isSafe(command)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mvn '-Daws.port=1'", "curl 'http://127.0.0.1/?a=b' -d \"[1]\""})
    void aQuotedOneIsSafe(String command) {
        assertThat(isSafe(command)).isTrue();
    }

    @Test
    void theReadmeHasTheTwoCommands() {
        assertThat(Page.readme().commands()).containsAll(List.of("mvn -Plocal", "mvn verify"));
    }
}
