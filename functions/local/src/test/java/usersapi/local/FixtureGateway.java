package usersapi.local;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import usersapi.standin.LocalAws;
import usersapi.testing.Exchange;

/** The gateway with fixture.yaml, for the tests of a class. */
final class FixtureGateway implements BeforeAllCallback, AfterAllCallback {

    private final LocalAws aws = LocalAws.forTests();
    private LocalGateway gateway;

    @Override
    public void beforeAll(ExtensionContext context) {
        gateway = start(template(), 0);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        gateway.close();
        aws.close();
    }

    /** The file fixture.yaml. */
    Path template() {
        try {
            return Path.of(FixtureGateway.class.getResource("/fixture.yaml").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts another gateway; port 0 is any free one. */
    LocalGateway start(Path template, int port) {
        return LocalGateway.start(template, aws, id -> id, port);
    }

    URI uri() {
        return gateway.uri();
    }

    Exchange request(String method, String path) {
        return Exchange.of(uri(), method, path);
    }
}
