package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import usersapi.secret.CachedSecret;
import usersapi.standin.MovingClock;
import usersapi.wiring.CoreModule;

/** A secret that is replaced at the provider works from the provider's first refusal on. */
class TokenExchangeTest {

    private static final String VERIFIER = "v".repeat(43);

    @RegisterExtension
    static final LoginFixture LOGIN = new LoginFixture();

    private final MovingClock clock = new MovingClock();
    private String secretAtTheProvider = LoginFixture.SECRET;
    private TokenExchange exchange;

    @BeforeEach
    void start() {
        var settings = new ProviderSettings(LOGIN.environment());
        var http = new ProviderHttp(settings);
        exchange = new TokenExchange(settings, new Provider(settings, http, clock), http, new CachedSecret<>(
                () -> CoreModule.secretsManager(UrlConnectionHttpClient.create(), LOGIN.environment()),
                settings.secretId(),
                ClientSecret::parse, clock));
        LOGIN.provider().at("/token", this::answer);
    }

    private void answer(HttpExchange request) throws IOException {
        var basic = request.getRequestHeaders().getFirst("Authorization").substring("Basic ".length());
        boolean isRight = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8)
                .endsWith(":" + secretAtTheProvider);
        TestProvider.json(request, isRight ? 200 : 401, isRight
                ? Map.of("access_token", "a", "token_type", "Bearer", "id_token", LOGIN.provider().idToken("n"))
                : Map.of("error", "invalid_client"));
    }

    @Test
    void fetchesASecretThatWasRotatedAgain() {
        exchange.exchange("first", VERIFIER);
        secretAtTheProvider = "rotated";
        LOGIN.secret("rotated");
        clock.forward(11);

        assertThat(exchange.exchange("second", VERIFIER).accessToken()).isEqualTo("a");
        assertThat(LOGIN.provider().count("/token")).isEqualTo(3);
    }

    @Test
    void doesNotTryAgainWithASecretThatIsTheSame() {
        exchange.exchange("first", VERIFIER);
        secretAtTheProvider = "rotated";
        clock.forward(11);

        assertThat(refusal("second")).isEqualTo(SignInError.PROVIDER_REFUSED);
        assertThat(LOGIN.provider().count("/token")).isEqualTo(2);
    }

    @Test
    void tellsTheRefusalAlsoIfTheSecretCannotBeFetchedAgain() {
        exchange.exchange("first", VERIFIER);
        secretAtTheProvider = "rotated";
        LOGIN.tables().putSecret(LOGIN.tables().variable("OIDC_SECRET"), "not json");
        clock.forward(11);

        assertThat(refusal("second")).isEqualTo(SignInError.PROVIDER_REFUSED);
    }

    @Test
    void fetchesTheSecretAgainAlsoIfTheProviderRefusesItWithA400() {
        exchange.exchange("first", VERIFIER);
        LOGIN.secret("rotated");
        clock.forward(11);
        refuse("invalid_client");

        assertThat(refusal("second")).isEqualTo(SignInError.PROVIDER_REFUSED);
        assertThat(LOGIN.provider().count("/token")).isEqualTo(3);
    }

    /** A code that is sent twice may end the tokens that it was exchanged for (RFC 6749, section 4.1.2). */
    @Test
    void doesNotSendARefusedCodeAgain() {
        exchange.exchange("first", VERIFIER);
        LOGIN.secret("rotated");
        clock.forward(11);
        refuse("invalid_grant");

        assertThat(refusal("second")).isEqualTo(SignInError.EXPIRED);
        assertThat(LOGIN.provider().count("/token")).isEqualTo(2);
    }

    private static void refuse(String error) {
        LOGIN.provider().at("/token", request -> TestProvider.json(request, 400, Map.of("error", error)));
    }

    private SignInError refusal(String code) {
        return catchThrowableOfType(RefusedException.class, () -> exchange.exchange(code, VERIFIER)).error();
    }
}
