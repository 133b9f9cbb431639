package usersapi.login;

import usersapi.json.JsonObject;
import usersapi.secret.MalformedSecretException;

/**
 * What only the provider and we know, from Secrets Manager: {@code {"client_secret": "…"}}.
 *
 * @param value empty for a public client, which proves itself by PKCE alone
 */
record ClientSecret(String value) {

    /**
     * Reads the secret's text.
     *
     * @throws MalformedSecretException if it is not as above
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
