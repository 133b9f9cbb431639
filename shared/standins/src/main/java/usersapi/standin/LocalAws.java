package usersapi.standin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * The AWS services that the functions call: servers in this JVM, or an emulator of AWS at an endpoint. The functions find
 * them by their environment, so their code does not know where it runs.
 */
public final class LocalAws implements AutoCloseable {

    private static final StaticCredentialsProvider CREDENTIALS = StaticCredentialsProvider
            .create(AwsBasicCredentials.create("local", "local"));

    private static final int MILLIS_TO_CONNECT = 5_000;

    private final URI dynamoDbEndpoint;
    private final URI secretsEndpoint;
    private final Map<String, String> endpoints;
    private final Runnable stop;
    private final DynamoDbClient dynamoDb;
    private final SecretsManagerClient secrets;

    private LocalAws(URI dynamoDbEndpoint, URI secretsEndpoint, Runnable stop) {
        this(dynamoDbEndpoint, secretsEndpoint, Map.of("AWS_ENDPOINT_URL_DYNAMODB", dynamoDbEndpoint.toString(),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", secretsEndpoint.toString()), stop);
    }

    private LocalAws(URI dynamoDbEndpoint, URI secretsEndpoint, Map<String, String> endpoints, Runnable stop) {
        this.dynamoDbEndpoint = dynamoDbEndpoint;
        this.secretsEndpoint = secretsEndpoint;
        this.endpoints = endpoints;
        this.stop = stop;
        dynamoDb = DynamoDbClient.builder().endpointOverride(dynamoDbEndpoint).region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
        secrets = SecretsManagerClient.builder().endpointOverride(secretsEndpoint).region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    /**
     * The services that tests run on: the endpoint of the system property {@code aws.endpoint}, otherwise servers in this
     * JVM.
     */
    public static LocalAws forTests() {
        var endpoint = System.getProperty("aws.endpoint", "");
        return endpoint.isEmpty() ? inMemory() : at(URI.create(endpoint));
    }

    /** Starts servers that keep their data in memory. */
    public static LocalAws inMemory() {
        return start(Optional.empty(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /**
     * An emulator of AWS at this endpoint, such as LocalStack.
     *
     * @throws ServerStartException if nothing answers there
     */
    static LocalAws at(URI endpoint) {
        var port = endpoint.getPort() >= 0 ? endpoint.getPort() : endpoint.getScheme().equals("https") ? 443 : 80;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.getHost(), port), MILLIS_TO_CONNECT);
        } catch (IOException e) {
            throw new ServerStartException(
                    "Nothing answers at %s, which -Daws.endpoint names (%s).".formatted(endpoint, e.getMessage()), e);
        }
        return new LocalAws(endpoint, endpoint, () -> {});
    }

    /**
     * Starts servers.
     *
     * @param directory keeps tables and secrets; empty to keep nothing
     * @param address DynamoDB's address; Secrets Manager has the next port. Port 0 for any free ones
     * @throws ServerStartException if the directory is not writable, or a port is not available
     */
    public static LocalAws start(Optional<Path> directory, InetSocketAddress address) {
        var next = new InetSocketAddress(address.getAddress(), address.getPort() == 0 ? 0 : address.getPort() + 1);
        var dynamoDb = directory.map(place -> LocalDynamoDb.in(place.resolve("dynamodb"), address))
                .orElseGet(() -> LocalDynamoDb.inMemory(address));
        try {
            var secrets = directory.map(place -> LocalSecrets.in(place.resolve("secrets"), next))
                    .orElseGet(() -> LocalSecrets.inMemory(next));
            return new LocalAws(dynamoDb.endpoint(), secrets.endpoint(), () -> {
                secrets.close();
                dynamoDb.close();
            });
        } catch (ServerStartException e) {
            dynamoDb.close();
            throw e;
        }
    }

    /** The same services at other addresses, for example behind a network of a test. */
    public LocalAws through(String dynamoDb, String secretsManager) {
        return new LocalAws(dynamoDbEndpoint, secretsEndpoint, Map.of("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb,
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", secretsManager), () -> {});
    }

    /** A client of DynamoDB. */
    public DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    /** A client of Secrets Manager. */
    public SecretsManagerClient secrets() {
        return secrets;
    }

    /** DynamoDB's endpoint. */
    public URI dynamoDbEndpoint() {
        return dynamoDbEndpoint;
    }

    /** Secrets Manager's endpoint. */
    public URI secretsEndpoint() {
        return secretsEndpoint;
    }

    /** A client of DynamoDB's streams, which the caller closes. */
    public DynamoDbStreamsClient streams() {
        return DynamoDbStreamsClient.builder().endpointOverride(dynamoDbEndpoint).region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    /** All items of the template's tables, in a stable order. */
    public List<Map<String, AttributeValue>> items(Template template) {
        return template.tables().stream().flatMap(table -> items(table).stream()).toList();
    }

    /** All items of a table. */
    public List<Map<String, AttributeValue>> items(Template.Table table) {
        return dynamoDb.scanPaginator(scan -> scan.tableName(table.name()).consistentRead(true)).items().stream()
                .toList();
    }

    /** The ARN of the table's stream. */
    public String streamArn(Template.Table table) {
        return dynamoDb.describeTable(describe -> describe.tableName(table.name())).table().latestStreamArn();
    }

    /** Sets a secret's value; creates the secret if it does not exist. */
    public void putSecret(String name, String value) {
        try {
            secrets.putSecretValue(put -> put.secretId(name).secretString(value));
        } catch (ResourceNotFoundException e) {
            secrets.createSecret(create -> create.name(name).secretString(value));
        }
    }

    /** Deletes a secret at once. */
    public void deleteSecret(String name) {
        secrets.deleteSecret(delete -> delete.secretId(name).forceDeleteWithoutRecovery(true));
    }

    /**
     * Creates the template's tables and secrets if they do not exist.
     *
     * @return the same template with the endpoints of these services and Lambda's variables in the functions' environment
     */
    public Template deploy(Template template) {
        template.tables().forEach(this::create);
        template.secrets().forEach(this::create);
        return template.adding(endpoints)
                .adding(Map.of("AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "local"));
    }

    /** Deletes the template's tables and secrets, for an endpoint that outlives the tests. */
    public void remove(Template template) {
        template.tables().forEach(table -> dynamoDb.deleteTable(delete -> delete.tableName(table.name())));
        template.secrets().forEach(secret -> deleteSecret(secret.name()));
    }

    /**
     * Makes the table, with its stream. Its time to live stays off: DynamoDB deletes expired items within days, but DynamoDB
     * Local at once, which would hide a missing check of the expiry.
     */
    private void create(Template.Table table) {
        try {
            dynamoDb.createTable(table.request());
            dynamoDb.waiter().waitUntilTableExists(describe -> describe.tableName(table.name()));
        } catch (ResourceInUseException kept) {
            // The table of an earlier run in the same directory.
        }
    }

    private void create(Template.Secret secret) {
        try {
            secrets.createSecret(create -> create.name(secret.name()).secretString(secret.generate()));
        } catch (ResourceExistsException kept) {
            // Also from an earlier run.
        }
    }

    @Override
    public void close() {
        secrets.close();
        dynamoDb.close();
        stop.run();
    }
}
