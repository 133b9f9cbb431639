package usersapi.standin.openid;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.standin.MovingClock;
import usersapi.standin.openid.OpenIdProvider.Visit;

class OpenIdProviderTest {

    private static final String REDIRECT_URI = "http://127.0.0.1:3000/api/auth/callback/";
    private static final String VERIFIER = "v".repeat(43);
    private static final Optional<String> BASIC = Optional
            .of("Basic " + Base64.getEncoder().encodeToString("client:secret".getBytes(StandardCharsets.UTF_8)));

    private final MovingClock clock = new MovingClock();
    private final OpenIdProvider provider = new OpenIdProvider("http://127.0.0.1:3000/local/openid", "client", "secret",
            URI.create(REDIRECT_URI), clock);

    private static Map<String, String> request() {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
            return new HashMap<>(Map.of("client_id", "client", "redirect_uri", REDIRECT_URI, "response_type", "code",
                    "scope", "openid email", "state", "s", "nonce", "n", "code_challenge_method", "S256",
                    "code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(hash)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> form(String email) {
        var query = provider.decided(request(), email, Visit.SIGN_IN).getRawQuery();
        var code = query.replaceFirst("code=([^&]*)&.*", "$1");
        return new HashMap<>(Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", REDIRECT_URI,
                "code_verifier", VERIFIER));
    }

    private static JsonNode claims(OpenIdProvider.Answer answer) throws Exception {
        var payload = answer.body().path("id_token").asText().split("\\.", -1)[1];
        return new JsonMapper().readTree(Base64.getUrlDecoder().decode(payload));
    }

    @Test
    void givesTokensForACodeOnce() throws Exception {
        var form = form("jane@example.com");

        var answer = provider.token(form, BASIC);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(claims(answer).path("nonce").asText()).isEqualTo("n");
        assertThat(claims(answer).path("email").asText()).isEqualTo("jane@example.com");
        assertThat(provider.token(form, BASIC).body().path("error").asText()).isEqualTo("invalid_grant");
    }

    @ParameterizedTest
    @CsvSource({"client, http://127.0.0.1:3000/, ''", "another, http://127.0.0.1:3000/, client_id: no such client",
            ", http://127.0.0.1:3000/, client_id: no such client",
            "client, http://127.0.0.1:3000, post_logout_redirect_uri: not registered",
            "client, https://evil.example/, post_logout_redirect_uri: not registered",
            "client, , post_logout_redirect_uri: not registered"})
    void leadsBackFromASignOutToTheHomePageAlone(String client, String back, String fault) {
        var request = new HashMap<String, String>();
        request.put("client_id", client);
        request.put("post_logout_redirect_uri", back);

        assertThat(provider.signOutFault(request).orElse("")).isEqualTo(fault);
    }

    @Test
    void theSameAddressIsTheSameSubjectWhateverTheCase() throws Exception {
        assertThat(claims(provider.token(form("Jane@Example.com"), BASIC)).path("sub"))
                .isEqualTo(claims(provider.token(form("jane@example.com"), BASIC)).path("sub"))
                .isNotEqualTo(claims(provider.token(form("june@example.com"), BASIC)).path("sub"));
    }

    @Test
    void givesNoTokensLater() {
        var form = form("jane@example.com");
        clock.forward(60);

        assertThat(provider.token(form, BASIC).body().path("error").asText()).isEqualTo("invalid_grant");
    }

    @ParameterizedTest
    @CsvSource({"code, other", "code_verifier, other", "redirect_uri, http://127.0.0.1:3000/", "grant_type, password"})
    void givesNoTokensToAnother(String parameter, String value) {
        var form = form("jane@example.com");
        form.put(parameter, value);

        assertThat(provider.token(form, BASIC).body().path("error").asText()).isEqualTo("invalid_grant");
    }

    @Test
    void givesNothingToAnotherClient() {
        assertThat(provider.token(form("jane@example.com"), Optional.empty()).status()).isEqualTo(401);
        assertThat(provider.token(form("jane@example.com"), Optional.of("Basic AAAA")).status()).isEqualTo(401);
        assertThat(provider.userInfo(Optional.of("Bearer nobody")).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"client_id, other", "redirect_uri, https://evil.example.com/", "response_type, token", "scope, email",
            "code_challenge_method, plain", "code_challenge, short", "state, ''", "nonce, ''"})
    void asksNobodyAboutARequestThatIsWrong(String parameter, String value) {
        var request = request();
        assertThat(provider.fault(request)).isEmpty();
        request.put(parameter, value);

        assertThat(provider.fault(request)).isPresent();
    }
}
