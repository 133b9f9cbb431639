package usersapi.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.UUID;
import usersapi.local.LocalGateway;
import usersapi.standin.Template;

/** The whole API with {@code OidcSignOut=true}. */
public final class ProviderSignOut {

    private ProviderSignOut() {}

    /** Starts a server. */
    public static LocalGateway server() {
        var suffix = "-" + UUID.randomUUID();
        try {
            var directory = Files.createTempDirectory("sign-out");
            var project = Template.projectDirectory();
            var text = Files.readString(project.resolve("template.yaml"));
            var parameter = text.indexOf("\n  OidcSignOut:\n");
            var template = Files.writeString(directory.resolve("template.yaml"), text.substring(0, parameter)
                    + text.substring(parameter).replaceFirst("Default: 'false'", "Default: 'true'"));
            // The server expects the site next to the template.
            Files.createSymbolicLink(directory.resolve("functions"), project.resolve("functions"));
            return LocalGateway.start(template, RunningApi.AWS, id -> id + suffix, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server, and deletes its tables. */
    public static void stop(LocalGateway gateway) {
        gateway.close();
        RunningApi.AWS.remove(gateway.template());
    }
}
