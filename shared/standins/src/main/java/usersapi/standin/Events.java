package usersapi.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;

/** The events of {@code events/}, which {@code sam local invoke} reads too. */
public final class Events {

    private Events() {}

    /** The name of a function's event: {@code get-current-user} for {@code GetCurrentUser}. */
    public static String nameOf(Template.Function function) {
        return function.id().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The text of {@code events/NAME.json}. */
    public static String read(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no events/%s.json".formatted(name)));
    }

    /** The text of {@code events/NAME.json}, if there is such a file. */
    public static Optional<String> find(String name) {
        var file = Template.projectDirectory().resolve("events").resolve(name + ".json");
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
