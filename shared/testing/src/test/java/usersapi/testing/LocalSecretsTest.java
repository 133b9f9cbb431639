package usersapi.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class LocalSecretsTest {

    private static SecretsManagerClient client(LocalSecrets secrets) {
        return SecretsManagerClient.builder().endpointOverride(secrets.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @Test
    void givesTheCurrentValue() {
        try (var secrets = LocalSecrets.inMemory(0); var client = client(secrets)) {
            client.createSecret(create -> create.name("key").secretString("old"));
            client.putSecretValue(put -> put.secretId("key").secretString("new \"value\" ü"));

            var got = client.getSecretValue(get -> get.secretId("key").versionStage("AWSCURRENT"));

            assertThat(got.secretString()).isEqualTo("new \"value\" ü");
            assertThat(got.name()).isEqualTo("key");
            assertThat(got.versionStages()).containsExactly("AWSCURRENT");
        }
    }

    @Test
    void refusesAsSecretsManagerDoes() {
        try (var secrets = LocalSecrets.inMemory(0); var client = client(secrets)) {
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
        try (var secrets = LocalSecrets.in(directory, 0); var client = client(secrets)) {
            client.createSecret(create -> create.name("kept").secretString("old"));
            client.putSecretValue(put -> put.secretId("kept").secretString("new"));
            client.createSecret(create -> create.name("deleted").secretString("old"));
            client.deleteSecret(delete -> delete.secretId("deleted").forceDeleteWithoutRecovery(true));
        }
        try (var secrets = LocalSecrets.in(directory, 0); var client = client(secrets)) {
            assertThat(client.getSecretValue(get -> get.secretId("kept")).secretString()).isEqualTo("new");
            assertThatThrownBy(() -> client.getSecretValue(get -> get.secretId("deleted")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }
}
