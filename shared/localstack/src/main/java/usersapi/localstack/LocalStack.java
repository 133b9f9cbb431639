package usersapi.localstack;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/**
 * Gives the tests of a JVM a LocalStack in Docker: starts it before they run and names it by the system property
 * {@code aws.endpoint}, unless that names another already. JUnit finds this class wherever it is on the classpath; without
 * Docker it leaves out all tests. Testcontainers takes the container away when the JVM ends.
 */
public final class LocalStack implements LauncherSessionListener, PostDiscoveryFilter {

    /** The last that asks for no account. */
    private static final String IMAGE = "localstack/localstack:4.14.0";

    private static final String ENDPOINT = "aws.endpoint";

    /** Says in one line when tests are left out; once for a whole build, whose JVMs are many. */
    public static void main(String[] args) {
        if (!isGiven() && !DockerClientFactory.instance().isDockerAvailable()) {
            System.out.println("[WARNING] The tests are skipped: LocalStack needs Docker, which does not answer here; "
                    + "-Daws.endpoint=URL runs them on what emulates AWS there");
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
