package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderFailuresTest {

    @RegisterExtension
    static final LoginFixture LOGIN = new LoginFixture();

    private static final int MEGABYTE = 1024 * 1024;

    static Stream<Arguments> uselessAnswers() {
        return Stream.of("/.well-known/openid-configuration", "/keys", "/token", "/userinfo")
                .flatMap(path -> Stream.of(
                        answer(path, "500", exchange -> TestProvider.json(exchange, 500, Map.of())),
                        answer(path, "503", exchange -> TestProvider.text(exchange, 503, "text/html", "<h1>down</h1>")),
                        answer(path, "429", exchange -> TestProvider.json(exchange, 429, Map.of())),
                        answer(path, "204", exchange -> exchange.sendResponseHeaders(204, -1)),
                        answer(path, "HTML", exchange -> TestProvider.text(exchange, 200, "text/html", "<h1>200</h1>")),
                        answer(path, "nothing", exchange -> TestProvider.text(exchange, 200, "application/json", "")),
                        answer(path, "an array",
                                exchange -> TestProvider.text(exchange, 200, "application/json", "[]")),
                        answer(path, "a text",
                                exchange -> TestProvider.text(exchange, 200, "application/json", "\"x\"")),
                        answer(path, "deep JSON", exchange -> TestProvider.text(exchange, 200, "application/json",
                                "{\"keys\":" + "[".repeat(100_000))),
                        answer(path, "too much", exchange -> TestProvider.text(exchange, 200, "application/json",
                                "{\"a\":\"" + "x".repeat(MEGABYTE) + "\"}")),
                        answer(path, "an endless answer", ProviderFailuresTest::endless),
                        answer(path, "a redirect", exchange -> {
                            exchange.getResponseHeaders().add("Location", "/elsewhere");
                            exchange.sendResponseHeaders(302, -1);
                        }),
                        answer(path, "a redirect of the method too", exchange -> {
                            exchange.getResponseHeaders().add("Location", "/elsewhere");
                            exchange.sendResponseHeaders(307, -1);
                        }),
                        answer(path, "a broken connection", exchange -> {
                            throw new IOException("on purpose");
                        })));
    }

    private static Arguments answer(String path, String what, HttpHandler handler) {
        return Arguments.of(path, what, handler);
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        var block = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        while (true) {
            exchange.getResponseBody().write(block);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("uselessAnswers")
    void aProviderThatAnswersNothingUsefulIsUnavailable(String path, String what, HttpHandler handler) {
        LOGIN.provider().claims(claims -> claims.remove("email")).at(path, handler);
        var browser = LOGIN.browser();

        var begun = browser.begin();
        var answer = begun.error().isEmpty() ? browser.comeBack(LOGIN.provider(), begun) : begun;

        assertThat(answer.error()).isEqualTo("provider_unavailable");
        assertThat(answer.log().string("outcome")).contains("provider_failed");
        assertThat(browser.cookies()).isEmpty();
        assertThat(LOGIN.profiles()).isEmpty();
        assertThat(LOGIN.provider().count("/elsewhere")).isZero();
    }

    @Test
    void aProviderThatIsDownIsUnavailable() {
        var browser = LOGIN.browser();
        var begun = browser.begin();
        LOGIN.provider().close();

        assertThat(browser.comeBack(LOGIN.provider(), begun).error()).isEqualTo("provider_unavailable");
    }

    @Test
    void soIsOneThatWasNeverUp() {
        LOGIN.provider().close();

        assertThat(LOGIN.browser().begin().error()).isEqualTo("provider_unavailable");
    }

    @Test
    void aProviderThatIsBackIsAskedAgainAtOnce() {
        LOGIN.provider().at("/.well-known/openid-configuration",
                exchange -> TestProvider.json(exchange, 500, Map.of()));
        var browser = LOGIN.browser();
        assertThat(browser.begin().error()).isEqualTo("provider_unavailable");
        LOGIN.provider().at("/.well-known/openid-configuration", exchange -> TestProvider.json(exchange, 200,
                Map.of("issuer", LOGIN.provider().issuer(), "authorization_endpoint",
                        LOGIN.provider().issuer() + "/authorize", "token_endpoint",
                        LOGIN.provider().issuer() + "/token",
                        "jwks_uri", LOGIN.provider().issuer() + "/keys", "id_token_signing_alg_values_supported",
                        List.of("RS256"))));

        assertThat(browser.signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatTakesTooLongEndsAlsoWhenItTrickles(boolean trickles) throws Exception {
        var over = new CountDownLatch(1);
        var isClosed = new CountDownLatch(1);
        LOGIN.provider().at("/slow", exchange -> {
            try {
                exchange.sendResponseHeaders(200, 0);
                while (trickles && over.getCount() > 0) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                    Thread.sleep(10);
                }
                over.await();
            } catch (IOException e) {
                isClosed.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var http = new ProviderHttp(url -> url, Duration.ofMillis(300));

        RefusedException refused = null;
        try {
            http.get(URI.create(LOGIN.provider().issuer() + "/slow"));
        } catch (RefusedException e) {
            refused = e;
        }
        assertThat(!trickles || isClosed.await(30, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
        over.countDown();

        assertThat(refused).isNotNull().hasMessage("no answer in time");
        assertThat(refused.error()).isEqualTo(SignInError.PROVIDER_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example.com", "", "http://127.0.0.1:1"})
    void anotherProvidersDescriptionIsNotTrusted(String issuer) {
        LOGIN.provider().metadata("issuer", issuer);

        assertThat(LOGIN.browser().begin().error()).isEqualTo("provider_not_trusted");
    }

    @Test
    void anIssuerWithAnotherSlashIsAnother() {
        LOGIN.provider().metadata("issuer", LOGIN.provider().issuer() + "/");

        assertThat(LOGIN.browser().begin().error()).isEqualTo("provider_not_trusted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri"})
    void aDescriptionThatLacksAnEndpointIsNotTrusted(String endpoint) {
        LOGIN.provider().metadata(endpoint, null);

        assertThat(LOGIN.browser().begin().error()).isEqualTo("provider_not_trusted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"})
    void noEndpointLeadsOutOfThisMachineWithoutTls(String endpoint) {
        for (var url : List.<Object>of("http://169.254.169.254/latest", "http://127.0.0.1.evil.example.com/",
                "http://localhost@evil.example.com/", "file:///etc/passwd", "javascript:alert(1)", "//evil.example.com",
                "ftp://127.0.0.1/", "", "not a url", 42, "http://2130706433/", "http://[::2]/")) {
            LOGIN.provider().metadata(endpoint, url);

            assertThat(LOGIN.browser().begin().error()).as("%s", url).isEqualTo("provider_not_trusted");
        }
    }

    @Test
    void aCodeThatTheProviderRefusesHasExpired() {
        var browser = LOGIN.browser();

        assertThat(browser.callback(Map.of("code", "unknown", "state", TestBrowser.state(browser.begin()))).error())
                .isEqualTo("expired");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void aProviderThatRefusesUsIsToldApart(int status) {
        LOGIN.provider().at("/token",
                exchange -> TestProvider.json(exchange, status, Map.of("error", "invalid_client")));

        var answer = LOGIN.browser().signIn(LOGIN.provider());

        assertThat(answer.error()).isEqualTo("provider_refused");
        assertThat(answer.log().string("outcome")).contains("provider_failed");
    }

    @Test
    void anAnswerThatIsTooLongIsUselessEvenIfItsBeginningWouldDo() {
        LOGIN.provider().at("/keys", exchange -> TestProvider.text(exchange, 200, "application/json",
                "{\"keys\":[%s]}".formatted(TestProvider.KEY.toPublicJWK().toJSONString()) + " ".repeat(MEGABYTE)));

        var answer = LOGIN.browser().signIn(LOGIN.provider());

        assertThat(answer.error()).isEqualTo("provider_unavailable");
        assertThat(answer.log().string("reason")).contains("more than 1 MB");
    }

    /** The rest of the time is for the calls of AWS that end a sign-in, and for the answer. */
    @Test
    void aProviderIsNotAskedInTheLastSixSeconds() {
        var answer = LOGIN.browser().within(Duration.ofSeconds(6)).begin();

        assertThat(answer.error()).isEqualTo("provider_unavailable");
        assertThat(answer.log().string("reason")).contains("no time left");
        assertThat(LOGIN.provider().count("/.well-known/openid-configuration")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "token_type", "id_token"})
    void anAnswerWithoutOneOfTheTokensIsUseless(String missing) {
        LOGIN.provider().at("/token", exchange -> {
            var answer = new HashMap<String, Object>(Map.of("access_token", "a", "token_type", "Bearer", "id_token",
                    LOGIN.provider().idToken("nonce")));
            answer.remove(missing);
            TestProvider.json(exchange, 200, answer);
        });

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("provider_unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DPoP", "mac", "N_A", ""})
    void anotherKindOfAccessTokenIsUseless(String type) {
        LOGIN.provider().at("/token", exchange -> TestProvider.json(exchange, 200, Map.of("access_token", "a",
                "token_type", type, "id_token", LOGIN.provider().idToken("nonce"))));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("provider_unavailable");
    }
}
