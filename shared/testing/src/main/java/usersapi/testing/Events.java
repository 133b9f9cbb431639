package usersapi.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The events of {@code events/}, which {@code sam local invoke} reads too. */
public final class Events {

    private Events() {}

    /** The text of {@code events/NAME.json}. */
    public static String read(String name) {
        try {
            return Files.readString(Template.houseDirectory().resolve("events").resolve(name + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
