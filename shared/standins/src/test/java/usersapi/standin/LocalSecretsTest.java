package usersapi.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class LocalSecretsTest {

    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static SecretsManagerClient client(LocalSecrets secrets) {
        return SecretsManagerClient.builder().endpointOverride(secrets.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @Test
    void givesTheCurrentValue() {
        try (var secrets = LocalSecrets.inMemory(ANYWHERE); var client = client(secrets)) {
            var before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            var old = client.createSecret(create -> create.name("key").secretString("old"));
            var put = client.putSecretValue(value -> value.secretId("key").secretString("new \"value\" ü"));

            var got = client.getSecretValue(get -> get.secretId("key").versionStage("AWSCURRENT"));

            assertThat(got.secretString()).isEqualTo("new \"value\" ü");
            assertThat(got.name()).isEqualTo("key");
            assertThat(got.arn()).isEqualTo(old.arn()).isEqualTo(put.arn());
            assertThat(got.versionId()).isEqualTo(put.versionId()).isNotEqualTo(old.versionId());
            assertThat(got.versionStages()).containsExactly("AWSCURRENT").isEqualTo(put.versionStages());
            assertThat(got.createdDate()).isBetween(before, Instant.now());
        }
    }

    @Test
    void refusesAsSecretsManagerDoes() {
        try (var secrets = LocalSecrets.inMemory(ANYWHERE); var client = client(secrets)) {
            client.createSecret(create -> create.name("key").secretString("value"));

            assertThatThrownBy(() -> client.createSecret(create -> create.name("key").secretString("other")))
                    .isInstanceOf(ResourceExistsException.class);
            assertThatThrownBy(() -> client.putSecretValue(put -> put.secretId("other").secretString("value")))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThatThrownBy(() -> client.getSecretValue(get -> get.secretId("other")))
                    .isInstanceOf(ResourceNotFoundException.class)
                    .hasMessageStartingWith("Secrets Manager can't find the specified secret.");
            assertThatThrownBy(() -> client.getSecretValue(get -> get.secretId("key").versionStage("AWSPREVIOUS")))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThatThrownBy(() -> client.deleteSecret(delete -> delete.secretId("other")))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThat(client.getSecretValue(get -> get.secretId("key")).secretString()).isEqualTo("value");
        }
    }

    @Test
    void keepsSecretsInItsDirectory(@TempDir Path directory) {
        try (var secrets = LocalSecrets.in(directory, ANYWHERE); var client = client(secrets)) {
            client.createSecret(create -> create.name("kept").secretString("old"));
            client.putSecretValue(put -> put.secretId("kept").secretString("new"));
            client.createSecret(create -> create.name("deleted").secretString("old"));
            client.deleteSecret(delete -> delete.secretId("deleted").forceDeleteWithoutRecovery(true));
        }
        try (var secrets = LocalSecrets.in(directory, ANYWHERE); var client = client(secrets)) {
            assertThat(client.getSecretValue(get -> get.secretId("kept")).secretString()).isEqualTo("new");
            assertThatThrownBy(() -> client.getSecretValue(get -> get.secretId("deleted")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Test
    void keepsSecretsFromOtherUsersOfTheMachine(@TempDir Path directory) throws IOException {
        var place = directory.resolve("secrets");
        Files.createDirectory(place);
        Files.writeString(place.resolve("old"), "of an earlier version");
        assumeTrue(Files.getFileStore(place).supportsFileAttributeView("posix"), "the file system has modes");
        Files.setPosixFilePermissions(place.resolve("old"), PosixFilePermissions.fromString("rw-r--r--"));

        try (var secrets = LocalSecrets.in(place, ANYWHERE); var client = client(secrets)) {
            client.createSecret(create -> create.name("new").secretString("value"));
            client.putSecretValue(put -> put.secretId("new").secretString("other value"));
        }

        assertThat(mode(place)).isEqualTo("rwx------");
        assertThat(mode(place.resolve("old"))).isEqualTo("rw-------");
        assertThat(mode(place.resolve("new"))).isEqualTo("rw-------");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @ParameterizedTest
    @CsvSource({"Host, evil.example, 403", "Origin, https://evil.example, 403", "Origin, null, 403",
            "Host, host.docker.internal:4567, 200"})
    void answersNoWebPage(String header, String value, int status) throws IOException {
        try (var secrets = LocalSecrets.inMemory(ANYWHERE); var client = client(secrets)) {
            client.createSecret(create -> create.name("key").secretString("value"));

            assertThat(RawHttp.status(secrets.endpoint(), "secretsmanager.GetSecretValue", "{\"SecretId\": \"key\"}",
                    header, value)).isEqualTo(status);
        }
    }
}
