package usersapi.login;

import static usersapi.login.SignInError.PROVIDER_NOT_TRUSTED;
import static usersapi.login.SignInError.PROVIDER_UNAVAILABLE;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import usersapi.json.JsonObject;

/**
 * The used members of a provider's metadata (OpenID Connect Discovery 1.0, section 3). No other members are required,
 * because some providers omit members that the specification requires.
 *
 * @param authorization the address for the browser
 * @param token the address that exchanges a code
 * @param userInfo the address of the person's claims, if there is one
 * @param keys the address of the keys that sign ID tokens
 * @param endSession the address of the provider's sign-out, if there is one (OpenID Connect RP-Initiated Logout 1.0,
 *     section 2.1)
 * @param algorithms the algorithms that sign them
 * @param namesIssuer whether the provider names itself in its answer through the browser (RFC 9207, section 3)
 * @param takesSecretInBody whether the secret must be in the body instead of the header
 */
record ProviderMetadata(URI authorization, URI token, Optional<URI> userInfo, URI keys,
        Optional<URI> endSession, Set<String> algorithms, boolean namesIssuer, boolean takesSecretInBody) {

    /**
     * Reads the metadata of the configured provider.
     *
     * @throws RefusedException if it is not JSON, belongs to another provider, or lacks a required member
     */
    static ProviderMetadata parse(String text, ProviderSettings settings) {
        if (!(JsonObject.parse(text) instanceof JsonObject.Parsed.Valid(var metadata))) {
            throw RefusedException.provider(PROVIDER_UNAVAILABLE, "discovery: not a JSON object");
        }
        if (!metadata.string("issuer").filter(settings.issuer()::equals).isPresent()) {
            throw RefusedException.provider(PROVIDER_NOT_TRUSTED, "discovery: another issuer");
        }
        var methods = texts(metadata, "token_endpoint_auth_methods_supported");
        return new ProviderMetadata(required(metadata, "authorization_endpoint", settings),
                required(metadata, "token_endpoint", settings), url(metadata, "userinfo_endpoint", settings),
                required(metadata, "jwks_uri", settings), endSession(metadata, settings),
                texts(metadata, "id_token_signing_alg_values_supported"),
                Boolean.TRUE.equals(metadata.get("authorization_response_iss_parameter_supported")),
                methods.contains("client_secret_post") && !methods.contains("client_secret_basic"));
    }

    private static URI required(JsonObject metadata, String name, ProviderSettings settings) {
        return url(metadata, name, settings)
                .orElseThrow(() -> RefusedException.provider(PROVIDER_NOT_TRUSTED, "discovery: no " + name));
    }

    /** Reads a URL; one that may not be requested is refused. */
    private static Optional<URI> url(JsonObject metadata, String name, ProviderSettings settings) {
        if (metadata.get(name) == null) {
            return Optional.empty();
        }
        return Optional.of(metadata.string(name).flatMap(text -> ProviderUrl.parse(text, settings.isLocal()))
                .orElseThrow(() -> RefusedException.provider(PROVIDER_NOT_TRUSTED, "discovery: unsafe " + name)));
    }

    /** An invalid address of the sign-out is ignored, so that people can still sign in. */
    private static Optional<URI> endSession(JsonObject metadata, ProviderSettings settings) {
        return metadata.string("end_session_endpoint").flatMap(text -> ProviderUrl.parse(text, settings.isLocal()));
    }

    private static Set<String> texts(JsonObject metadata, String name) {
        return metadata.get(name) instanceof List<?> list
                ? list.stream().filter(String.class::isInstance).map(String.class::cast).collect(Collectors.toSet())
                : Set.of();
    }
}
