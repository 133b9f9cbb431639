package usersapi.login;

import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import usersapi.lambda.ApiResponse;

/**
 * {@code GET /api/auth/sign-out/}: leads the browser to the provider's sign-out, and changes nothing here. Without an ID
 * token, which this API does not keep, the provider may ask the person first.
 *
 * @see <a href="https://openid.net/specs/openid-connect-rpinitiated-1_0.html">OpenID Connect RP-Initiated Logout 1.0</a>
 */
final class ProviderSignOut {

    private final ProviderSettings settings;
    private final Provider provider;

    @Inject
    ProviderSignOut(ProviderSettings settings, Provider provider) {
        this.settings = settings;
        this.provider = provider;
    }

    /**
     * Leads to the provider's sign-out.
     *
     * @throws RefusedException if the provider's metadata has no address for it
     */
    ApiResponse lead() {
        var endpoint = provider.metadata().endSession().orElseThrow(
                () -> RefusedException.because(SignInError.SIGN_OUT_INCOMPLETE, "no end_session_endpoint"));
        var back = settings.signedOutUri().toString();
        var query = new LinkedHashMap<String, String>();
        query.put("client_id", settings.clientId());
        query.put("post_logout_redirect_uri", back);
        // Cognito requires this name; other providers must ignore unknown parameters.
        query.put("logout_uri", back);
        return ApiResponse.seeOther(ProviderUrl.with(endpoint, query), List.of());
    }
}
