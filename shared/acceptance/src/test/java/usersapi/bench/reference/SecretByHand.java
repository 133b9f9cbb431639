package usersapi.bench.reference;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Fetches a secret. It is a class of its own, because a function without secrets has no jar of Secrets Manager. */
public final class SecretByHand {

    private SecretByHand() {}

    /** The value of the secret with this id, by the environment's client. */
    static String value(String id) {
        return value(SecretsManagerClient.builder().httpClient(UrlConnectionHttpClient.create()).build(), id);
    }

    /** The value of the secret with this id. */
    public static String value(SecretsManagerClient client, String id) {
        return client.getSecretValue(get -> get.secretId(id)).secretString();
    }
}
