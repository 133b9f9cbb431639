package usersapi.billing;

import java.util.List;
import java.util.stream.Stream;
import usersapi.json.JsonObject;

/**
 * What only Stripe and we know, from Secrets Manager: {@code {"api_key": "rk_live_…", "webhook_secrets":
 * "whsec_new,whsec_old"}}. Flat strings, so that Secrets Manager's own form edits them. While a webhook secret is rolled,
 * Stripe's endpoint has two, and either may stand here first: both are tried.
 *
 * @param apiKey a restricted or secret key; empty while nobody has put it in
 * @param webhookSecrets the endpoint's signing secrets; empty while nobody has put one in
 * @see <a href="https://docs.stripe.com/keys">API keys</a>
 * @see <a href="https://docs.stripe.com/webhooks#roll-endpoint-secrets">Roll endpoint signing secrets</a>
 */
record StripeSecret(String apiKey, List<String> webhookSecrets) {

    /** Reads the secret's text; one that is not as above counts as not filled in. */
    static StripeSecret parse(String text) {
        var secret = JsonObject.parse(text) instanceof JsonObject.Parsed.Valid(var object) ? object : new JsonObject();
        return new StripeSecret(secret.string("api_key").map(String::strip).orElse(""),
                Stream.of(secret.string("webhook_secrets").orElse("").split(",")).map(String::strip)
                        .filter(webhookSecret -> !webhookSecret.isEmpty()).toList());
    }

    @Override
    public String toString() {
        return "StripeSecret[redacted]";
    }
}
