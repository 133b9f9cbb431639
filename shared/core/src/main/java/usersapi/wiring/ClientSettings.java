package usersapi.wiring;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import usersapi.config.Environment;

/** Where a client of AWS finds its service, and as whom it calls it, when an environment is injected. */
final class ClientSettings {

    private ClientSettings() {}

    /**
     * Configures a client by the variables that the SDK itself reads of a process: the endpoint's, {@code AWS_REGION}, and the
     * credentials if there are any.
     */
    static void apply(AwsClientBuilder<?, ?> client, Environment environment, String endpoint) {
        client.endpointOverride(URI.create(environment.required(endpoint)));
        client.region(Region.of(environment.required("AWS_REGION")));
        environment.find("AWS_ACCESS_KEY_ID").ifPresent(id -> client.credentialsProvider(StaticCredentialsProvider
                .create(AwsBasicCredentials.create(id, environment.required("AWS_SECRET_ACCESS_KEY")))));
    }
}
