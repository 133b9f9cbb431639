package usersapi.login;

import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
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
        var location = new AuthenticationRequest.Builder(ResponseType.CODE, new Scope("openid", "email"),
                settings.clientId(), settings.redirectUri()).endpointURI(endpoint)
                .state(new State(signIn.state().value())).nonce(new Nonce(signIn.nonce().value()))
                .codeChallenge(new CodeVerifier(signIn.verifier().value()), CodeChallengeMethod.S256).build().toURI();
        return ApiResponse.seeOther(location.toString(), cookies.set(signIn, request.cookies()));
    }
}
