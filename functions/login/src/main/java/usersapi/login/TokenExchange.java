package usersapi.login;

import static usersapi.login.SignInError.EXPIRED;
import static usersapi.login.SignInError.PROVIDER_REFUSED;
import static usersapi.login.SignInError.PROVIDER_UNAVAILABLE;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import jakarta.inject.Inject;
import java.text.ParseException;
import java.time.Duration;
import usersapi.json.JsonObject;
import usersapi.secret.CachedSecret;

/** Exchanges a code for tokens (OpenID Connect Core 1.0, section 3.1.3). */
final class TokenExchange {

    /** The tokens that the provider gives for a code. */
    record Tokens(JWT idToken, BearerAccessToken accessToken) {

        /** Without the tokens. */
        @Override
        public String toString() {
            return "Tokens[redacted]";
        }
    }

    /** The maximum age of the secret for a second attempt. */
    private static final Duration REFRESHED_AFTER = Duration.ofSeconds(10);

    private final ProviderSettings settings;
    private final Provider provider;
    private final ProviderHttp http;
    private final CachedSecret<ClientSecret> secret;

    @Inject
    TokenExchange(ProviderSettings settings, Provider provider, ProviderHttp http, CachedSecret<ClientSecret> secret) {
        this.settings = settings;
        this.provider = provider;
        this.http = http;
        this.secret = secret;
    }

    /**
     * The tokens for a code.
     *
     * @param verifier the code verifier of this sign-in
     * @throws RefusedException if the provider gives no tokens
     */
    Tokens exchange(String code, String verifier) {
        var grant = new AuthorizationCodeGrant(new AuthorizationCode(code), settings.redirectUri(),
                new CodeVerifier(verifier));
        var first = secret.get();
        var response = http.send(request(grant, first).toHTTPRequest());
        if (isClientRefused(response)) {
            // The secret may have been rotated since it was fetched; a request with a wrong secret does not use up the code.
            var second = secret.get(REFRESHED_AFTER);
            if (!second.equals(first)) {
                response = http.send(request(grant, second).toHTTPRequest());
            }
        }
        return tokens(response);
    }

    private TokenRequest request(AuthorizationCodeGrant grant, ClientSecret client) {
        var endpoint = provider.metadata().token();
        if (client.value().isEmpty()) {
            return new TokenRequest.Builder(endpoint, settings.clientId(), grant).build();
        }
        var value = new Secret(client.value());
        return new TokenRequest.Builder(endpoint,
                provider.metadata().takesSecretInBody()
                        ? new ClientSecretPost(settings.clientId(), value)
                        : new ClientSecretBasic(settings.clientId(), value),
                grant).build();
    }

    private static Tokens tokens(HTTPResponse response) {
        if (response.getStatusCode() != HTTPResponse.SC_OK) {
            // Core, section 3.1.3.4: the code is wrong, expired, used, or another browser's.
            throw error(response).equals("invalid_grant")
                    ? RefusedException.because(EXPIRED, "code")
                    : RefusedException.provider(PROVIDER_REFUSED, "token endpoint: status " + response.getStatusCode());
        }
        // The project's own parser is strict. Nimbus's is lenient and needs a further library.
        if (JsonObject.parse(response.getBody()) instanceof JsonObject.Parsed.Valid(var answer)
                && answer.string("token_type").filter("Bearer"::equalsIgnoreCase).isPresent()) {
            try {
                return new Tokens(JWTParser.parse(answer.string("id_token").orElse("")),
                        new BearerAccessToken(answer.string("access_token").orElse("")));
            } catch (ParseException | RuntimeException e) {
                // Also if one of the tokens is missing.
            }
        }
        throw RefusedException.provider(PROVIDER_UNAVAILABLE, "token endpoint: no tokens");
    }

    private static boolean isClientRefused(HTTPResponse response) {
        return response.getStatusCode() == HTTPResponse.SC_UNAUTHORIZED || error(response).equals("invalid_client");
    }

    private static String error(HTTPResponse response) {
        return response.getStatusCode() != HTTPResponse.SC_OK && response.getBody() != null
                && JsonObject.parse(response.getBody()) instanceof JsonObject.Parsed.Valid(var body)
                        ? body.string("error").orElse("")
                        : "";
    }
}
