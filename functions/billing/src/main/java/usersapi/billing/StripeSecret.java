package usersapi.billing;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import usersapi.json.JsonObject;
import usersapi.lambda.Sample;
import usersapi.secret.MalformedSecretException;

/**
 * The secrets that only Stripe and this stack know, from Secrets Manager: {@code {"api_key": "rk_live_…", "webhook_secrets":
 * "whsec_new,whsec_old"}}. The strings are flat, so that Secrets Manager's console can edit them. During a rotation Stripe's
 * endpoint has two webhook secrets; both are tried, in any order.
 *
 * @param apiKey a restricted or secret key; empty until an operator puts it in
 * @param webhookSecrets the endpoint's signing secrets; empty until an operator puts one in
 * @see <a href="https://docs.stripe.com/keys">API keys</a>
 * @see <a href="https://docs.stripe.com/webhooks#roll-endpoint-secrets">Roll endpoint signing secrets</a>
 */
record StripeSecret(String apiKey, List<String> webhookSecrets) {

    /**
     * Reads the secret's text.
     *
     * @throws MalformedSecretException if it does not have this form
     */
    static StripeSecret parse(String text) {
        if (JsonObject.parse(text) instanceof JsonObject.Parsed.Valid(var secret)
                && secret.get("api_key") instanceof String apiKey
                && secret.get("webhook_secrets") instanceof String webhookSecrets) {
            return new StripeSecret(apiKey.strip(), Stream.of(webhookSecrets.split(",")).map(String::strip)
                    .filter(webhookSecret -> !webhookSecret.isEmpty()).toList());
        }
        throw new MalformedSecretException(
                "Stripe's secret is not a JSON object with the strings \"api_key\" and \"webhook_secrets\"");
    }

    /** Whether the key is of the live mode, by its prefix ({@code sk_} or {@code rk_}); empty if it has none. */
    Optional<Boolean> isLive() {
        if (apiKey.matches("[sr]k_live_.*")) {
            return Optional.of(true);
        }
        return apiKey.matches("[sr]k_test_.*") ? Optional.of(false) : Optional.empty();
    }

    @Override
    public String toString() {
        return "StripeSecret[redacted]";
    }

    /** A sample of the secret. */
    static Sample sample() {
        return Sample.secret("{\"api_key\": \"primed\", \"webhook_secrets\": \"\"}");
    }
}
