package usersapi.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import usersapi.local.LocalGateway;
import usersapi.standin.Template;

/** The whole API with {@code OidcSignOut=true}, while the tests of a class run. */
public final class ProviderSignOut implements BeforeAllCallback, AfterAllCallback {

    private LocalGateway gateway;

    /** The server's address. */
    public URI uri() {
        return gateway.uri();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
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
            gateway = LocalGateway.start(template, RunningApi.AWS, id -> id + suffix, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server, and deletes its tables. */
    @Override
    public void afterAll(ExtensionContext context) {
        // Another extension may have skipped the class before.
        if (gateway != null) {
            gateway.close();
            RunningApi.AWS.remove(gateway.template());
        }
    }
}
