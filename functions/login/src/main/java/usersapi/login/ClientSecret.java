package usersapi.login;

import usersapi.json.JsonObject;
import usersapi.secret.MalformedSecretException;

/**
 * The client secret at the provider, from Secrets Manager: {@code {"client_secret": "…"}}.
 *
 * @param value empty for a public client, which uses PKCE alone
 */
record ClientSecret(String value) {

    /**
     * Reads the secret's text.
     *
     * @throws MalformedSecretException if it does not have this form
     */
    static ClientSecret parse(String text) {
        if (JsonObject.parse(text) instanceof JsonObject.Parsed.Valid(var secret)
                && secret.get("client_secret") instanceof String value) {
            return new ClientSecret(value.strip());
        }
        throw new MalformedSecretException(
                "the provider's secret is not a JSON object with the string \"client_secret\"");
    }

    @Override
    public String toString() {
        return "ClientSecret[redacted]";
    }
}
