package usersapi.login;

import com.nimbusds.oauth2.sdk.id.ClientID;
import java.net.URI;
import usersapi.config.Environment;

/**
 * The identity provider, and who we are to it.
 *
 * @param issuer {@code OIDC_ISSUER}: the provider's issuer identifier, to the letter
 * @param clientId {@code OIDC_CLIENT_ID}: our id at the provider
 * @param secretId {@code OIDC_SECRET}: ARN or name of the secret that {@link ClientSecret} reads
 * @param redirectUri {@code OIDC_REDIRECT_URI}: where the provider leads back to, as registered there
 */
record ProviderSettings(String issuer, ClientID clientId, String secretId, URI redirectUri) {

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if a variable is missing, or the issuer is none that can be trusted
     */
    ProviderSettings(Environment environment) {
        this(issuer(environment), new ClientID(environment.required("OIDC_CLIENT_ID")),
                environment.required("OIDC_SECRET"), URI.create(environment.required("OIDC_REDIRECT_URI")));
    }

    private static String issuer(Environment environment) {
        var issuer = environment.required("OIDC_ISSUER");
        // OpenID Connect Discovery 1.0, section 2: no query, no fragment.
        if (ProviderUrl.parse(issuer, true).filter(url -> url.getRawQuery() == null).isEmpty()) {
            throw environment.invalid("OIDC_ISSUER",
                    "must be an https URL without query and fragment; http on the loopback address only");
        }
        return issuer;
    }

    /** Where the provider describes itself (OpenID Connect Discovery 1.0, section 4). */
    URI discovery() {
        var base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /** Whether the provider is on this machine, where HTTP is as good as HTTPS. */
    boolean isLocal() {
        return issuer.startsWith("http:");
    }
}
