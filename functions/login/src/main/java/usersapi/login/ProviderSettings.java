package usersapi.login;

import java.net.URI;
import usersapi.config.Environment;

/**
 * The configuration of the identity provider.
 *
 * @param issuer {@code OIDC_ISSUER}: the provider's issuer identifier, exactly
 * @param clientId {@code OIDC_CLIENT_ID}: the client id at the provider
 * @param secretId {@code OIDC_SECRET}: ARN or name of the secret that {@link ClientSecret} reads
 * @param redirectUri {@code OIDC_REDIRECT_URI}: the redirect URI, as registered at the provider
 * @param endpoint {@code OIDC_ENDPOINT_URL}: the address at which this function calls the issuer. It is the issuer itself,
 *     unless that is on the loopback address, which a container reaches by another name
 */
record ProviderSettings(String issuer, String clientId, String secretId, URI redirectUri, String endpoint) {

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if a variable is missing, or the issuer is not a valid URL
     */
    ProviderSettings(Environment environment) {
        this(issuer(environment), environment.required("OIDC_CLIENT_ID"),
                environment.required("OIDC_SECRET"), URI.create(environment.required("OIDC_REDIRECT_URI")),
                endpoint(environment));
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

    /** Any other issuer than one on the loopback address is called at its own address, which TLS authenticates. */
    private static String endpoint(Environment environment) {
        var endpoint = environment.required("OIDC_ENDPOINT_URL");
        var issuer = issuer(environment);
        if (!endpoint.equals(issuer) && (!isLocal(issuer) || !endpoint.startsWith("http://"))) {
            throw environment.invalid("OIDC_ENDPOINT_URL",
                    "must be OIDC_ISSUER, unless that is on the loopback address");
        }
        return endpoint;
    }

    /** The address of the provider's metadata (OpenID Connect Discovery 1.0, section 4). */
    URI discovery() {
        return URI.create(withoutSlash(issuer) + "/.well-known/openid-configuration");
    }

    /** The post-logout redirect URI, as registered at the provider: the home page. */
    URI signedOutUri() {
        return redirectUri.resolve("/");
    }

    /** The address at which this function calls a URL of the provider. */
    URI reached(URI url) {
        var prefix = withoutSlash(issuer) + "/";
        return endpoint.equals(issuer) || !url.toString().startsWith(prefix)
                ? url
                : URI.create(withoutSlash(endpoint) + "/" + url.toString().substring(prefix.length()));
    }

    /** Whether the provider runs on this machine, where HTTP is allowed. */
    boolean isLocal() {
        return isLocal(issuer);
    }

    private static boolean isLocal(String issuer) {
        return issuer.startsWith("http:");
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
