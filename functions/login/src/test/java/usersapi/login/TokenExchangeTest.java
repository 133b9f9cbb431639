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

        var refused = catchThrowableOfType(RefusedException.class, () -> exchange.exchange("second", VERIFIER));

        assertThat(refused.error()).isEqualTo(SignInError.PROVIDER_REFUSED);
        assertThat(LOGIN.provider().count("/token")).isEqualTo(2);
    }
}
