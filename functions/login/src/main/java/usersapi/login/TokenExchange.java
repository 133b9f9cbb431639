package usersapi.login;

import static usersapi.login.SignInError.EXPIRED;
import static usersapi.login.SignInError.PROVIDER_REFUSED;
import static usersapi.login.SignInError.PROVIDER_UNAVAILABLE;

import jakarta.inject.Inject;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;
import usersapi.json.JsonObject;
import usersapi.secret.CachedSecret;

/** Exchanges a code for tokens (OpenID Connect Core 1.0, section 3.1.3). */
final class TokenExchange {

    /** The tokens that the provider gives for a code. */
    record Tokens(String idToken, String accessToken) {

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

    /** Begins to fetch the client's secret, for a caller that checks the callback before the exchange. */
    void begin() {
        secret.begin();
    }

    /**
     * The tokens for a code.
     *
     * @param verifier the code verifier of this sign-in
     * @throws RefusedException if the provider gives no tokens
     */
    Tokens exchange(String code, String verifier) {
        var first = secret.get();
        var answer = http.send(request(code, verifier, first));
        if (isClientRefused(answer)) {
            // The secret may have been rotated since it was fetched; a request with a wrong secret does not use up the code.
            var second = secret.getIfPossible(REFRESHED_AFTER);
            if (!second.equals(first)) {
                answer = http.send(request(code, verifier, second));
            }
        }
        return tokens(answer);
    }

    private ProviderHttp.Request request(String code, String verifier, ClientSecret client) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", settings.redirectUri().toString());
        form.put("code_verifier", verifier);
        var metadata = provider.metadata();
        var authorization = Optional.<String>empty();
        if (client.value().isEmpty()) {
            form.put("client_id", settings.clientId());
        } else if (metadata.takesSecretInBody()) {
            form.put("client_id", settings.clientId());
            form.put("client_secret", client.value());
        } else {
            authorization = Optional.of(basic(client));
        }
        return new ProviderHttp.Request(metadata.token(), authorization, Optional.of(ProviderUrl.form(form)));
    }

    /** RFC 6749, section 2.3.1: id and secret are encoded before they are joined by a colon. */
    private String basic(ClientSecret client) {
        var pair = ProviderUrl.encoded(settings.clientId()) + ":" + ProviderUrl.encoded(client.value());
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    private static Tokens tokens(ProviderHttp.Answer answer) {
        if (!answer.isOk()) {
            // Core, section 3.1.3.4: the code is wrong, expired, used, or another browser's.
            throw error(answer).equals("invalid_grant")
                    ? RefusedException.because(EXPIRED, "code")
                    : RefusedException.provider(PROVIDER_REFUSED, "token endpoint: status " + answer.status());
        }
        if (JsonObject.parse(answer.body()) instanceof JsonObject.Parsed.Valid(var body)
                && body.string("token_type").filter("Bearer"::equalsIgnoreCase).isPresent()
                && body.get("id_token") instanceof String idToken && !idToken.isBlank()
                && body.get("access_token") instanceof String accessToken && !accessToken.isBlank()) {
            return new Tokens(idToken, accessToken);
        }
        throw RefusedException.provider(PROVIDER_UNAVAILABLE, "token endpoint: no tokens");
    }

    private static boolean isClientRefused(ProviderHttp.Answer answer) {
        return answer.status() == HttpURLConnection.HTTP_UNAUTHORIZED || error(answer).equals("invalid_client");
    }

    private static String error(ProviderHttp.Answer answer) {
        return !answer.isOk() && JsonObject.parse(answer.body()) instanceof JsonObject.Parsed.Valid(var body)
                ? body.string("error").orElse("")
                : "";
    }
}
