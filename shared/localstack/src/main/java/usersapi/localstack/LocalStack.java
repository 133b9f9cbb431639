package usersapi.localstack;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/**
 * Starts LocalStack in Docker before the tests of a JVM, and sets the system property {@code aws.endpoint} to its address
 * unless it is set already. JUnit finds this class if it is on the class path. Without Docker all tests are skipped.
 * Testcontainers removes the container when the JVM ends.
 */
public final class LocalStack implements LauncherSessionListener, PostDiscoveryFilter {

    /** The last version that needs no account. */
    private static final String IMAGE = "localstack/localstack:4.14.0";

    private static final String ENDPOINT = "aws.endpoint";

    /** Prints one line for the whole build if the tests are skipped; a build has many JVMs. */
    public static void main(String[] args) {
        if (!isGiven() && !DockerClientFactory.instance().isDockerAvailable()) {
            System.out.println("[WARNING] The tests are skipped: LocalStack needs Docker, which does not answer here; "
                    + "-Daws.endpoint=URL runs them on another emulator of AWS");
        }
    }

    private static boolean isGiven() {
        return !System.getProperty(ENDPOINT, "").isEmpty();
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (!isGiven() && DockerClientFactory.instance().isDockerAvailable()) {
            var container = new LocalStackContainer(IMAGE).withServices("dynamodb", "dynamodbstreams",
                    "secretsmanager");
            container.start();
            System.setProperty(ENDPOINT, container.getEndpoint().toString());
        }
    }

    @Override
    public FilterResult apply(TestDescriptor test) {
        return FilterResult.includedIf(isGiven());
    }
}
