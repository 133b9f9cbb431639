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
            secrets.put("key", "old");
            secrets.put("key", "new \"value\" ü");

            var got = client.getSecretValue(get -> get.secretId("key").versionStage("AWSCURRENT"));

            assertThat(got.secretString()).isEqualTo("new \"value\" ü");
            assertThat(got.name()).isEqualTo("key");
            assertThat(got.versionStages()).containsExactly("AWSCURRENT");
        }
    }

    @Test
    void refusesAsSecretsManagerDoes() {
        try (var secrets = LocalSecrets.inMemory(0); var client = client(secrets)) {
            secrets.put("key", "value");

            assertThatThrownBy(() -> client.getSecretValue(get -> get.secretId("other")))
                    .isInstanceOf(ResourceNotFoundException.class)
                    .hasMessageStartingWith("Secrets Manager can't find the specified secret.");
            assertThatThrownBy(() -> client.getSecretValue(get -> get.secretId("key").versionStage("AWSPREVIOUS")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Test
    void keepsSecretsInItsDirectory(@TempDir Path directory) {
        var secret = new Template.Secret("Key", "Key", "{}", "k1", 20, true);
        try (var secrets = LocalSecrets.in(directory, 0)) {
            secrets.create(secret);
        }
        try (var secrets = LocalSecrets.in(directory, 0); var client = client(secrets)) {
            var kept = client.getSecretValue(get -> get.secretId("Key")).secretString();
            secrets.create(secret);

            assertThat(client.getSecretValue(get -> get.secretId("Key")).secretString()).isEqualTo(kept);
        }
    }
}
