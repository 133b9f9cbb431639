package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clocks of the provider and ours may differ by 60 seconds, and by no more. */
class IdTokenTimesTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static TestProvider provider;

    @BeforeAll
    static void start() {
        provider = new TestProvider();
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    private static IdTokenCheck check() {
        var environment = Map.of("OIDC_ISSUER", provider.issuer(), "OIDC_ENDPOINT_URL", provider.issuer(),
                "OIDC_CLIENT_ID", TestProvider.CLIENT, "OIDC_SECRET", "secret", "OIDC_REDIRECT_URI",
                "https://app.example.com/api/auth/callback/");
        var settings = new ProviderSettings(environment::get);
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new IdTokenCheck(settings,
                new Provider(settings, new ProviderHttp(URI::normalize, Duration.ofSeconds(5)), clock), clock);
    }

    private static String token(String claim, long seconds) {
        var claims = new HashMap<String, Object>(Map.of("iss", provider.issuer(), "sub", "subject-1", "aud",
                TestProvider.CLIENT, "exp", NOW.getEpochSecond() + 300, "iat", NOW.getEpochSecond(), "nonce", "n"));
        claims.put(claim, NOW.getEpochSecond() + seconds);
        return TestProvider.signed(claims);
    }

    @ParameterizedTest
    @CsvSource({"exp, -59", "exp, 0", "iat, 60", "iat, 0", "nbf, 60", "nbf, 0"})
    void aTokenWithinThemHolds(String claim, long seconds) {
        assertThat(check().claims(token(claim, seconds), "n", "a").string("sub")).contains("subject-1");
    }

    @ParameterizedTest
    @CsvSource({"exp, -60, expired", "exp, -61, expired", "iat, 61, issued later", "nbf, 61, not valid yet"})
    void aTokenBeyondThemDoesNot(String claim, long seconds, String reason) {
        var token = token(claim, seconds);

        var refused = catchThrowableOfType(RefusedException.class,
                () -> check().claims(token, "n", "a"));

        assertThat(refused).hasMessage("ID token: " + reason);
        assertThat(refused.error()).isEqualTo(SignInError.PROVIDER_NOT_TRUSTED);
    }
}
