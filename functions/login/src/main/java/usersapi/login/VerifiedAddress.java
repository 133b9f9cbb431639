package usersapi.login;

import static usersapi.login.SignInError.EMAIL_NOT_SUPPORTED;
import static usersapi.login.SignInError.EMAIL_NOT_VERIFIED;
import static usersapi.login.SignInError.PROVIDER_NOT_TRUSTED;
import static usersapi.login.SignInError.PROVIDER_UNAVAILABLE;

import jakarta.inject.Inject;
import java.util.Optional;
import usersapi.json.JsonObject;
import usersapi.user.EmailAddress;

/**
 * Finds the person's verified e-mail address: in the ID token or, if that has none, in user info (OpenID Connect Core 1.0,
 * sections 5.1 and 5.3).
 */
final class VerifiedAddress {

    private final Provider provider;
    private final ProviderHttp http;

    @Inject
    VerifiedAddress(Provider provider, ProviderHttp http) {
        this.provider = provider;
        this.http = http;
    }

    /**
     * The address.
     *
     * @param idToken the claims of a checked token
     * @throws RefusedException if there is no verified address
     */
    EmailAddress of(JsonObject idToken, String accessToken) {
        var claims = hasAddress(idToken)
                ? idToken
                : userInfo(idToken.string("sub").orElseThrow(), accessToken);
        if (!hasAddress(claims)) {
            throw RefusedException.because(EMAIL_NOT_VERIFIED, "no address");
        }
        if (!isVerified(claims)) {
            throw RefusedException.because(EMAIL_NOT_VERIFIED, "not verified");
        }
        return switch (EmailAddress.parse((String) claims.get("email"))) {
            case EmailAddress.Parsed.Valid(var address) -> address;
            case EmailAddress.Parsed.Invalid invalid ->
                throw RefusedException.because(EMAIL_NOT_SUPPORTED, "not an address");
        };
    }

    private static boolean hasAddress(JsonObject claims) {
        return claims.get("email") instanceof String text && !text.isBlank();
    }

    private JsonObject userInfo(String subject, String accessToken) {
        var endpoint = provider.metadata().userInfo()
                .orElseThrow(() -> RefusedException.because(EMAIL_NOT_VERIFIED, "no address, and no user info"));
        var answer = ProviderHttp.ok(http.send(
                new ProviderHttp.Request(endpoint, Optional.of("Bearer " + accessToken), Optional.empty())));
        if (!(JsonObject.parse(answer.body()) instanceof JsonObject.Parsed.Valid(var claims))) {
            throw RefusedException.provider(PROVIDER_UNAVAILABLE, "user info: not a JSON object");
        }
        if (!claims.string("sub").filter(subject::equals).isPresent()) {
            throw RefusedException.provider(PROVIDER_NOT_TRUSTED, "user info: another subject");
        }
        return claims;
    }

    /**
     * Without a claim the address is not verified. Cognito's user info has a text as the claim. Entra has no such claim, and
     * anybody can set an address there, so only its optional claim counts, which has two forms.
     *
     * @see <a href="https://learn.microsoft.com/en-us/entra/identity-platform/migrate-off-email-claim-authorization">Migrate
     *     away from using email claims</a>
     */
    private static boolean isVerified(JsonObject claims) {
        var verified = claims.get("email_verified");
        return verified == null
                ? isTrue(claims.get("xms_edov")) || "1".equals(claims.get("xms_edov"))
                : isTrue(verified);
    }

    private static boolean isTrue(Object claim) {
        return Boolean.TRUE.equals(claim) || "true".equals(claim);
    }
}
