package usersapi.login;

import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import usersapi.credential.Sha256;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;

/** {@code GET /api/auth/sign-in/}: leads the browser to the provider. */
final class SignInStart {

    private final ProviderSettings settings;
    private final Provider provider;
    private final SignInCookies cookies;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    SignInStart(ProviderSettings settings, Provider provider, SignInCookies cookies, SecureRandom random, Clock clock) {
        this.settings = settings;
        this.provider = provider;
        this.cookies = cookies;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Begins a sign-in.
     *
     * @throws RefusedException if the provider's metadata cannot be read
     */
    ApiResponse begin(ApiRequest request) {
        var endpoint = provider.metadata().authorization();
        var signIn = PendingSignIn.begin(NextPath.of(request.query("next")), random, clock.instant());
        // OpenID Connect Core 1.0, section 3.1.2.1, with PKCE (RFC 7636, section 4.3).
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", settings.clientId());
        query.put("redirect_uri", settings.redirectUri().toString());
        query.put("scope", "openid email");
        query.put("state", signIn.state().value());
        query.put("nonce", signIn.nonce().value());
        query.put("code_challenge",
                Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(signIn.verifier().value())));
        query.put("code_challenge_method", "S256");
        return ApiResponse.seeOther(ProviderUrl.with(endpoint, query), cookies.set(signIn, request.cookies()));
    }
}
