package usersapi.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {

    private static final String TOKEN = "NhqPaZgfmRLxcBvYS-_0123456789abcdefghijklmn";
    private static final String OTHER = "AhqPaZgfmRLxcBvYS-_0123456789abcdefghijklmn";
    private static final Credential.Bearer BEARER = new Credential.Bearer(new OpaqueToken(TOKEN));
    private static final Credential.SessionCookie COOKIE = new Credential.SessionCookie(new OpaqueToken(TOKEN));
    private static final Credential.None NONE = new Credential.None();

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR ", " Bearer  "})
    void readsABearerWhateverTheCaseOfTheScheme(String scheme) {
        assertThat(of(List.of(scheme + TOKEN), List.of())).isEqualTo(BEARER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", TOKEN, "Bearer" + TOKEN,
            "Bearer " + TOKEN + "x", "Bearer " + TOKEN + " x", "Bearer \"" + TOKEN + "\"", "Token " + TOKEN,
            "Bearer NhqPaZgfmRLxcBvYS+/0123456789abcdefghijklmn", "Bearer NhqPaZgfmRLxcBvYSé_0123456789abcdefghijklmn",
            "Bearer short"})
    void aMalformedAuthorizationIsNoCredentialThoughAGoodCookieCameAlong(String authorization) {
        assertThat(of(List.of(authorization), List.of("sessionid=" + TOKEN))).isEqualTo(NONE);
    }

    @Test
    void authorizationOutranksTheCookie() {
        assertThat(of(List.of("Bearer " + TOKEN), List.of("sessionid=" + OTHER))).isEqualTo(BEARER);
    }

    @Test
    void aRepeatedAuthorizationIsNoCredential() {
        assertThat(of(List.of("Bearer " + TOKEN, "Bearer " + TOKEN), List.of())).isEqualTo(NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionid=" + TOKEN, "csrftoken=x; sessionid=" + TOKEN, "sessionid=" + TOKEN + ";a=b",
            "a=b;sessionid=" + TOKEN + ";", "sessionid=\"" + TOKEN + "\"", "  sessionid=" + TOKEN + "  ",
            "sessionid=" + TOKEN + "; sessionid=" + TOKEN, "Sessionid=" + OTHER + "; sessionid=" + TOKEN,
            "xsessionid=" + OTHER + "; sessionid=" + TOKEN, "=; ; sessionid=" + TOKEN})
    void findsTheSessionAmongTheCookies(String cookies) {
        assertThat(of(List.of(), List.of(cookies))).isEqualTo(COOKIE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sessionid", "sessionid=", "sessionid=\"\"", "sessionid=\"", "sessionid=\"" + TOKEN,
            "SESSIONID=" + TOKEN, "sessionid=" + TOKEN + "x", "sessionid =" + TOKEN, "csrftoken=" + TOKEN})
    void aCookieThatCannotBeASessionIsNoCredential(String cookies) {
        assertThat(of(List.of(), List.of(cookies))).isEqualTo(NONE);
    }

    @Test
    void aSessionCookieRepeatedWithAnotherValueIsNoCredential() {
        assertThat(of(List.of(), List.of("sessionid=" + TOKEN + "; sessionid=" + OTHER))).isEqualTo(NONE);
        assertThat(of(List.of(), List.of("sessionid=" + TOKEN, "sessionid=" + OTHER))).isEqualTo(NONE);
        assertThat(of(List.of(), List.of("sessionid=" + OTHER + "; sessionid=x; sessionid=\"" + TOKEN + "\"")))
                .isEqualTo(NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "x", "gxq2lbpwyu7d4c0mmw8h1f5kz6t9snae", // another framework's
            TOKEN + "x", TOKEN + "=", "\"" + TOKEN, "NhqPaZgfmRLxcBvYS+/0123456789abcdefghijklmn"})
    void aCookieOfTheSameNameThatCannotBeATokenIsIgnored(String other) {
        assertThat(of(List.of(), List.of("sessionid=" + other + "; sessionid=" + TOKEN))).isEqualTo(COOKIE);
        assertThat(of(List.of(), List.of("sessionid=" + TOKEN + "; sessionid=" + other))).isEqualTo(COOKIE);
        assertThat(of(List.of(), List.of("sessionid=" + other, "sessionid=" + TOKEN))).isEqualTo(COOKIE);
    }

    @Test
    void cookiesMayComeInSeveralHeaders() {
        assertThat(of(List.of(), List.of("csrftoken=x", "sessionid=" + TOKEN))).isEqualTo(COOKIE);
    }

    @Test
    void aRequestWithoutHeadersHasNoCredential() {
        assertThat(of(List.of(), List.of())).isEqualTo(NONE);
    }

    @Test
    void veryLongCredentialsAreIgnored() {
        assertThat(of(List.of("Bearer " + "a".repeat(1_000_000)), List.of())).isEqualTo(NONE);
        assertThat(of(List.of(), List.of("sessionid=" + "a".repeat(1_000_000)))).isEqualTo(NONE);
    }

    @Test
    void randomTokensHave43CharactersAndNeverMeet() {
        var random = new SecureRandom();
        var seen = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            var token = OpaqueToken.random(random);
            assertThat(OpaqueToken.parse(token.value())).contains(token);
            assertThat(seen.add(token.value())).isTrue();
        }
    }

    @Test
    void hashesByTheStandard() {
        // Computed by coreutils: printf %s TOKEN | sha256sum
        assertThat(new OpaqueToken(TOKEN).sha256())
                .isEqualTo("eebf04b002a9928a59301269724285003909841c96203bb0a6d8433c446c56e1");
        assertThat(new OpaqueToken(TOKEN).matches(new OpaqueToken(TOKEN).sha256())).isTrue();
        assertThat(new OpaqueToken(TOKEN).matches(new OpaqueToken(OTHER).sha256())).isFalse();
    }

    @Test
    void neverShowsATokenByToString() {
        assertThat(BEARER.toString() + COOKIE).doesNotContain(TOKEN);
    }

    private static Credential of(List<String> authorization, List<String> cookies) {
        return Credential.of(authorization, cookies, "sessionid");
    }
}
