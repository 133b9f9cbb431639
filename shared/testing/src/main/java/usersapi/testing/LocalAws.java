package usersapi.testing;

import java.nio.file.Path;

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
        return new LocalAws(LocalDynamoDb.inMemory(), LocalSecrets.inMemory());
    }

    /** Starts services that keep what they hold in a directory: tables, and the secrets without which they are unreadable. */
    public static LocalAws in(Path directory) {
        return new LocalAws(LocalDynamoDb.in(directory.resolve("dynamodb")),
                LocalSecrets.in(directory.resolve("secrets")));
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
