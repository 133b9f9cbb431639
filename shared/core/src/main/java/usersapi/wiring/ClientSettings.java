package usersapi.wiring;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import usersapi.config.Environment;

/** The endpoint and the credentials of a client of AWS, from an injected environment. */
final class ClientSettings {

    private ClientSettings() {}

    /**
     * Configures a client by the variables that the SDK itself reads from a process: the endpoint, {@code AWS_REGION}, and
     * the credentials if there are any.
     */
    static void apply(AwsClientBuilder<?, ?> client, Environment environment, String endpoint) {
        client.endpointOverride(URI.create(environment.required(endpoint)));
        client.region(Region.of(environment.required("AWS_REGION")));
        environment.find("AWS_ACCESS_KEY_ID").ifPresent(id -> client.credentialsProvider(StaticCredentialsProvider
                .create(AwsBasicCredentials.create(id, environment.required("AWS_SECRET_ACCESS_KEY")))));
    }
}
