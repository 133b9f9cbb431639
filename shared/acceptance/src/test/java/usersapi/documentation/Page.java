package usersapi.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import usersapi.standin.Template;

/** A page of the documentation: the README, or a file under {@code docs} or {@code .github}. */
record Page(Path path) {

    private static final Path PROJECT = Template.projectDirectory();
    private static final Pattern COMMAND = Pattern
            .compile(" {4,}(\\w+=|output\\(\\)|(export|mvn|sam|aws|curl|git|openssl|umask) ).*");

    static Page readme() {
        return new Page(PROJECT.resolve("README.md"));
    }

    /** The page of this name under {@code docs}. */
    static Page of(String name) {
        return new Page(PROJECT.resolve("docs").resolve(name));
    }

    static Stream<Page> all() throws IOException {
        return Stream.of(Stream.of(readme()), under("docs"), under(".github")).flatMap(pages -> pages);
    }

    private static Stream<Page> under(String directory) throws IOException {
        try (var files = Files.walk(PROJECT.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".md")).map(Page::new).toList().stream();
        }
    }

    /** The anchor that GitHub gives to a heading. */
    static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
    }

    /** The page to which a link of this page leads: this one, if the link is empty. */
    Page linked(String link) {
        return link.isEmpty() ? this : new Page(path.resolveSibling(link));
    }

    /** The anchors of its headings. */
    List<String> anchors() {
        return lines().stream().filter(line -> line.startsWith("#")).map(Page::anchor).toList();
    }

    /** The rows of the table whose head begins with this cell. */
    List<String> rows(String head) {
        return lines().stream().dropWhile(line -> !line.startsWith("| " + head + " |")).skip(2)
                .takeWhile(line -> line.startsWith("|")).toList();
    }

    List<String> lines() {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of the blocks that are marked as shell, one after the other. */
    String script() {
        var script = new StringBuilder();
        boolean isShell = false;
        for (var line : lines()) {
            if (line.startsWith("```")) {
                isShell = line.equals("```sh");
            } else if (isShell) {
                script.append(line).append('\n');
            }
        }
        return script.toString();
    }

    /** The indented lines that start a program or set a variable, each with its continuation lines. */
    List<String> commands() {
        var commands = new ArrayList<String>();
        boolean goesOn = false;
        for (var line : lines()) {
            if (goesOn) {
                commands.set(commands.size() - 1, commands.getLast() + "\n" + line.strip());
            } else if (COMMAND.matcher(line).matches()) {
                commands.add(line.strip());
            } else {
                continue;
            }
            goesOn = line.endsWith("\\");
        }
        return commands;
    }

    @Override
    public String toString() {
        return PROJECT.relativize(path).toString();
    }
}
