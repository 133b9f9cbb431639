package usersapi.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import usersapi.standin.Template;

/** A page of the documentation: the README or a file under {@code docs}. */
record Page(Path path) {

    private static final Path PROJECT = Template.projectDirectory();
    private static final Pattern STARTS_A_PROGRAM = Pattern.compile(" {4}(export |mvn|sam|aws|curl|git) ?.*");

    static Page readme() {
        return new Page(PROJECT.resolve("README.md"));
    }

    /** All of them. */
    static Stream<Page> all() throws IOException {
        try (var docs = Files.walk(PROJECT.resolve("docs"))) {
            return Stream.concat(Stream.of(readme()),
                    docs.filter(file -> file.toString().endsWith(".md")).map(Page::new).toList().stream());
        }
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

    /** The indented lines that start a program, each with those in which it goes on. */
    List<String> commands() {
        var commands = new ArrayList<String>();
        boolean goesOn = false;
        for (var line : lines()) {
            if (goesOn) {
                commands.set(commands.size() - 1, commands.getLast() + "\n" + line.strip());
            } else if (STARTS_A_PROGRAM.matcher(line).matches()) {
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
