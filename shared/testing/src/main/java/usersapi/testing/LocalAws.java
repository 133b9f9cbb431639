package usersapi.testing;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The AWS services that the functions call, in this JVM. The SDK finds them by its own system properties, so that no code
 * of the functions knows where it runs.
 */
public final class LocalAws implements AutoCloseable {

    private final LocalDynamoDb dynamoDb;
    private final LocalSecrets secrets;

    private LocalAws(LocalDynamoDb dynamoDb, LocalSecrets secrets) {
        this.dynamoDb = dynamoDb;
        this.secrets = secrets;
    }

    /** Starts services that forget everything when they are closed. */
    public static LocalAws inMemory() {
        return start(Optional.empty(), 0);
    }

    /**
     * Starts services.
     *
     * @param directory keeps what they hold: tables, and the secrets without which they are unreadable; else they forget
     * @param port DynamoDB's, Secrets Manager's is the next; 0 for any two that are free
     * @throws UncheckedIOException if the directory cannot be written to, or a port cannot be had
     */
    public static LocalAws start(Optional<Path> directory, int port) {
        int next = port == 0 ? 0 : port + 1;
        return directory
                .map(place -> new LocalAws(LocalDynamoDb.in(place.resolve("dynamodb"), port),
                        LocalSecrets.in(place.resolve("secrets"), next)))
                .orElseGet(() -> new LocalAws(LocalDynamoDb.inMemory(port), LocalSecrets.inMemory(next)));
    }

    public LocalDynamoDb dynamoDb() {
        return dynamoDb;
    }

    public LocalSecrets secrets() {
        return secrets;
    }

    /**
     * Makes the template's tables and secrets, unless they are there already, and sets the system properties by which the
     * functions of this JVM find them: the SDK's settings, and the template's environment variables under their own names.
     */
    public void deploy(Template template) {
        template.tables().forEach(dynamoDb::create);
        template.secrets().forEach(secrets::create);
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        System.setProperty("aws.endpointUrlDynamoDb", dynamoDb.endpoint().toString());
        System.setProperty("aws.endpointUrlSecretsManager", secrets.endpoint().toString());
        template.environment().forEach(System::setProperty);
    }

    @Override
    public void close() {
        secrets.close();
        dynamoDb.close();
    }
}
