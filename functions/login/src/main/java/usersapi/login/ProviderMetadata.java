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
 * What of a provider's description of itself is used here (OpenID Connect Discovery 1.0, section 3). Nothing else is asked to
 * be there: some providers leave out what the specification requires.
 *
 * @param authorization where the browser goes to
 * @param token where a code is exchanged
 * @param userInfo where the person's claims are, if anywhere
 * @param keys where the keys are that sign ID tokens
 * @param endSession where a person signs out of the provider, if anywhere (OpenID Connect RP-Initiated Logout 1.0, section 2.1)
 * @param algorithms the algorithms that sign them
 * @param namesIssuer whether the provider names itself in its answer by way of the browser (RFC 9207, section 3)
 * @param takesSecretInBody whether the secret goes into the body, since it may not go into the header
 */
record ProviderMetadata(URI authorization, URI token, Optional<URI> userInfo, URI keys,
        Optional<URI> endSession, Set<String> algorithms, boolean namesIssuer, boolean takesSecretInBody) {

    /**
     * Reads the description of the provider that these settings name.
     *
     * @throws RefusedException if it is not JSON, another provider's, or lacks what a sign-in needs
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

    /** A URL that is there has to be one that may be asked. */
    private static Optional<URI> url(JsonObject metadata, String name, ProviderSettings settings) {
        if (metadata.get(name) == null) {
            return Optional.empty();
        }
        return Optional.of(metadata.string(name).flatMap(text -> ProviderUrl.parse(text, settings.isLocal()))
                .orElseThrow(() -> RefusedException.provider(PROVIDER_NOT_TRUSTED, "discovery: unsafe " + name)));
    }

    /** Nobody is kept from signing in by one that cannot be used. */
    private static Optional<URI> endSession(JsonObject metadata, ProviderSettings settings) {
        return metadata.string("end_session_endpoint").flatMap(text -> ProviderUrl.parse(text, settings.isLocal()));
    }

    private static Set<String> texts(JsonObject metadata, String name) {
        return metadata.get(name) instanceof List<?> list
                ? list.stream().filter(String.class::isInstance).map(String.class::cast).collect(Collectors.toSet())
                : Set.of();
    }
}
