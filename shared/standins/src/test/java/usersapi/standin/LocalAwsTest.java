package usersapi.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class LocalAwsTest {

    private static final Map<String, String> PARAMETERS = Map.of("FrontendOrigin", "https://app.example.com",
            "StripePlans", "pro=price_1");

    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Map<String, AttributeValue> ITEM = Map.of("id", AttributeValue.fromS("user#a"));

    private final Template template = Template.read(PARAMETERS, id -> id);
    private final String table = template.table("Users").name();

    /** As the functions find it. */
    private static String tokenKey(Template deployed) {
        var variables = deployed.environment();
        try (var client = SecretsManagerClient.builder()
                .endpointOverride(URI.create(variables.get("AWS_ENDPOINT_URL_SECRETS_MANAGER")))
                .region(Region.of(variables.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials
                        .create(variables.get("AWS_ACCESS_KEY_ID"), variables.get("AWS_SECRET_ACCESS_KEY"))))
                .build()) {
            return client.getSecretValue(get -> get.secretId(variables.get("TOKEN_KEY_SECRET"))).secretString();
        }
    }

    @Test
    void deployingKeepsWhatItsDirectoryHas(@TempDir Path directory) {
        String key;
        try (var aws = LocalAws.start(Optional.of(directory), ANYWHERE)) {
            key = tokenKey(aws.deploy(template));
            aws.dynamoDb().putItem(put -> put.tableName(table).item(ITEM));
        }
        try (var aws = LocalAws.start(Optional.of(directory), ANYWHERE)) {
            var deployed = aws.deploy(template);

            assertThat(aws.dynamoDb().scan(scan -> scan.tableName(table)).items()).containsExactly(ITEM);
            assertThat(tokenKey(deployed)).isEqualTo(key);
        }
    }

    @Test
    void leavesNothingOfWhatItRemoves() {
        try (var aws = LocalAws.inMemory()) {
            var deployed = aws.deploy(template);

            aws.remove(template);

            assertThat(aws.dynamoDb().listTables().tableNames()).isEmpty();
            assertThatThrownBy(() -> tokenKey(deployed)).isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Test
    void saysWhichPortIsTaken() {
        try (var first = LocalAws.inMemory()) {
            var taken = first.secretsEndpoint().getPort();
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), taken);

            assertThatThrownBy(() -> LocalAws.start(Optional.empty(), address)).isInstanceOf(ServerStartException.class)
                    .hasMessage("Port %d is already in use; choose another with -Daws.port=N.", taken);
        }
    }

    @ParameterizedTest
    @CsvSource({"Host, evil.example, 403", "Origin, https://evil.example, 403", "Host, host.docker.internal:4566, 200"})
    void keepsTablesFromWebPages(String header, String value, int status) throws IOException {
        try (var aws = LocalAws.inMemory()) {
            assertThat(RawHttp.status(aws.dynamoDbEndpoint(), "DynamoDB_20120810.ListTables", "{}", header, value))
                    .isEqualTo(status);
        }
    }

    @Test
    void saysWhereNothingAnswers() throws IOException {
        URI endpoint;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThatThrownBy(() -> LocalAws.at(endpoint)).isInstanceOf(ServerStartException.class)
                .hasMessageStartingWith("Nothing answers at %s, which -Daws.endpoint names".formatted(endpoint));
    }
}
