package usersapi.system;

import java.net.BindException;
import java.net.URI;
import usersapi.local.LocalGateway;
import usersapi.testing.LocalAws;
import usersapi.testing.Template;

/** The whole API, started once for all tests of this JVM. */
public final class RunningApi {

    /** What it stands on. */
    public static final LocalAws AWS = LocalAws.inMemory();

    private static final LocalGateway GATEWAY = start();

    private RunningApi() {}

    private static LocalGateway start() {
        try {
            return LocalGateway.start(Template.houseDirectory().resolve("template.yaml"), AWS, 0);
        } catch (BindException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where it listens. */
    public static URI uri() {
        return GATEWAY.uri();
    }
}
