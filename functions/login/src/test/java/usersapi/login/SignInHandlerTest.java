package usersapi.login;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;
import usersapi.login.TestBrowser.Answer;
import usersapi.testing.RefusingService;
import usersapi.wiring.CoreModule;

class SignInHandlerTest {

    @RegisterExtension
    static final LoginFixture LOGIN = new LoginFixture();

    @Test
    void leadsToTheProviderWithAllThatTheCodeFlowNeeds() {
        var begun = LOGIN.browser().begin("/somewhere");

        assertThat(begun.status()).isEqualTo(303);
        assertThat(begun.location()).startsWith(LOGIN.provider().issuer() + "/authorize?");
        assertThat(TestProvider.parameters(begun.uri().getRawQuery())).containsEntry("response_type", "code")
                .containsEntry("client_id", TestProvider.CLIENT).containsEntry("scope", "openid email")
                .containsEntry("redirect_uri", "https://app.example.com/api/auth/callback/")
                .containsEntry("code_challenge_method", "S256")
                .hasEntrySatisfying("state", state -> assertThat(OpaqueToken.parse(state)).isPresent())
                .hasEntrySatisfying("nonce", nonce -> assertThat(OpaqueToken.parse(nonce)).isPresent())
                .hasEntrySatisfying("code_challenge", hash -> assertThat(hash).hasSize(43))
                .doesNotContainKey("code_verifier").hasSize(8);
    }

    @Test
    void bindsTheSignInToTheBrowserByOneCookie() {
        var begun = LOGIN.browser().begin("/somewhere");

        assertThat(begun.cookies()).singleElement().asString()
                .matches("sign-in-[0-9a-f]{16}=[A-Za-z0-9._-]+; Path=/; Max-Age=600; Secure; SameSite=Lax; HttpOnly");
        var value = begun.cookies().getFirst().replaceAll(".*=([^;]+);.*", "$1");
        var bytes = new String(Base64.getUrlDecoder().decode(value.substring(value.indexOf('.') + 1)),
                StandardCharsets.ISO_8859_1);
        var query = TestProvider.parameters(begun.uri().getRawQuery());
        assertThat(bytes).doesNotContain(query.get("nonce")).doesNotContain("/somewhere");
    }

    @Test
    void writesNothingWhenASignInBegins() {
        LOGIN.browser().begin();

        assertThat(LOGIN.tables().items()).isEmpty();
    }

    @Test
    void asksTheProviderAtTheFirstSignInAndNotBefore() {
        var browser = LOGIN.browser();
        assertThat(LOGIN.provider().count("/.well-known/openid-configuration")).isZero();

        browser.signIn(LOGIN.provider());
        browser.signIn(LOGIN.provider());

        assertThat(LOGIN.provider().count("/.well-known/openid-configuration")).isEqualTo(1);
        assertThat(LOGIN.provider().count("/keys")).isEqualTo(1);
    }

    @Test
    void signsANewPersonIn() {
        var browser = LOGIN.browser();

        var answer = browser.comeBack(LOGIN.provider(), browser.begin("/settings?tab=2#plan"));

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.location()).isEqualTo("/settings?tab=2#plan");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.cookies()).hasSize(3)
                .anyMatch(cookie -> cookie.matches("sessionid=.{43}; Path=/; Max-Age=\\d+; "
                        + "Secure; SameSite=Lax; HttpOnly"))
                .anyMatch(cookie -> cookie.matches("csrftoken=.{43}; .*Lax"))
                .anyMatch(cookie -> cookie.matches("sign-in-.*=; Path=/; Max-Age=0; .*"));
        var profile = LOGIN.profiles().toList();
        assertThat(profile).singleElement().satisfies(item -> {
            assertThat(item.get("email").s()).isEqualTo("jane@example.com");
            assertThat(LOGIN.user(browser)).contains(item.get("external_id").s());
        });
        assertThat(answer.log().string("outcome")).contains("ok");
        assertThat(answer.log().string("account")).contains("created");
        assertThat(answer.log().string("user_id")).contains(profile.getFirst().get("external_id").s());
    }

    @Test
    void signsTheSamePersonInAgain() {
        var first = LOGIN.browser();
        first.signIn(LOGIN.provider());
        var second = LOGIN.browser();

        var answer = second.signIn(LOGIN.provider());

        assertThat(answer.location()).isEqualTo("/");
        assertThat(LOGIN.user(second)).isPresent().isEqualTo(LOGIN.user(first));
        assertThat(answer.log().string("account")).contains("known");
    }

    @Test
    void endsTheSessionThatTheBrowserHasAtTheCallback() {
        var browser = LOGIN.browser();
        browser.signIn(LOGIN.provider());
        var before = browser.cookies().get("sessionid");

        browser.signIn(LOGIN.provider());

        assertThat(browser.cookies().get("sessionid")).isNotEqualTo(before);
        assertThat(LOGIN.userOf(before)).isEmpty();
        assertThat(LOGIN.user(browser)).isPresent();
    }

    /** A sibling host can add a cookie of the same name. With two ids no request is signed in, but both are in the browser. */
    @Test
    void endsEachOfTheSessionsThatTheBrowserHasAtTheCallback() {
        var browsers = List.of(LOGIN.browser(), LOGIN.browser());
        browsers.forEach(browser -> browser.signIn(LOGIN.provider()));
        var ids = browsers.stream().map(browser -> browser.cookies().get("sessionid")).toList();
        var browser = LOGIN.browser();
        var begun = browser.begin();
        browser.cookies().put("sessionid", ids.getFirst() + "; sessionid=" + ids.getLast() + "; sessionid=another");

        browser.comeBack(LOGIN.provider(), begun);

        assertThat(ids).allSatisfy(id -> assertThat(LOGIN.userOf(id)).isEmpty());
        assertThat(LOGIN.user(browser)).isPresent();
    }

    /** Else a request with many cookies would make many calls. */
    @Test
    void endsFewSessionsAtACallback() {
        var earlier = LOGIN.browser();
        earlier.signIn(LOGIN.provider());
        var browser = LOGIN.browser();
        var begun = browser.begin();
        browser.cookies().put("sessionid", IntStream.range(0, 100)
                .mapToObj(i -> OpaqueToken.random(new SecureRandom()).value()).collect(joining("; sessionid="))
                + "; sessionid=" + earlier.cookies().get("sessionid"));

        browser.comeBack(LOGIN.provider(), begun);

        assertThat(LOGIN.user(earlier)).isPresent();
        assertThat(LOGIN.user(browser)).isPresent();
    }

    @Test
    void aUserWithTooManySessionsLosesTheEarliest() {
        var environment = LOGIN.environment();
        var function = new SignInHandler(name -> switch (name) {
            case "SESSIONS_PER_USER", "SESSION_IDLE_DAYS" -> "1";
            default -> environment.get(name);
        });
        var first = new TestBrowser(function);
        first.signIn(LOGIN.provider());
        var second = new TestBrowser(function);

        second.signIn(LOGIN.provider());

        assertThat(LOGIN.user(first)).isEmpty();
        assertThat(LOGIN.user(second)).isPresent();
    }

    @Test
    void aUserProvisionedWithThisAddressIsLinked() {
        var first = LOGIN.browser();
        first.signIn(LOGIN.provider());
        var userId = LOGIN.user(first).orElseThrow();
        // As if the login service had made the user.
        LOGIN.tables().items("Users").stream().map(item -> item.get("id").s()).filter(id -> id.startsWith("subject#"))
                .forEach(id -> LOGIN.tables().delete("Users", id));
        LOGIN.tables().client().updateItem(update -> update.tableName(LOGIN.tables().name("Users"))
                .key(Map.of("id", AttributeValue.fromS("user#" + userId))).updateExpression("REMOVE subject"));
        var second = LOGIN.browser();

        var answer = second.signIn(LOGIN.provider());

        assertThat(answer.log().string("account")).contains("linked");
        assertThat(LOGIN.user(second)).contains(userId);
    }

    @Test
    void aSessionPlantedBeforeTheSignInIsNotGoneOnWith() {
        var attacker = LOGIN.browser();
        attacker.signIn(LOGIN.provider());
        var planted = attacker.cookies().get("sessionid");
        LOGIN.provider().claims(claims -> {
            claims.put("sub", "victim");
            claims.put("email", "victim@example.com");
        });
        var victim = LOGIN.browser();
        victim.cookies().put("sessionid", planted);

        victim.signIn(LOGIN.provider());

        assertThat(victim.cookies().get("sessionid")).isNotEqualTo(planted);
        assertThat(LOGIN.userOf(planted)).isEmpty();
    }

    @Test
    void twoTabsBothFinishAndTheLaterSessionStays() {
        var browser = LOGIN.browser();
        var first = browser.begin("/first");
        var second = browser.begin("/second");

        assertThat(browser.comeBack(LOGIN.provider(), first).location()).isEqualTo("/first");
        var session = browser.cookies().get("sessionid");
        assertThat(browser.comeBack(LOGIN.provider(), second).location()).isEqualTo("/second");

        assertThat(LOGIN.userOf(session)).isEmpty();
        assertThat(LOGIN.user(browser)).isPresent();
    }

    @Test
    void twoTabsThatBeginAtOnceBothFinish() {
        var function = LOGIN.browser();
        var first = function.copy();
        var second = function.copy();
        var begun = List.of(first.begin("/first"), second.begin("/second"));
        var browser = first.copy();
        browser.cookies().putAll(second.cookies());

        assertThat(browser.comeBack(LOGIN.provider(), begun.get(1)).location()).isEqualTo("/second");
        assertThat(browser.comeBack(LOGIN.provider(), begun.get(0)).location()).isEqualTo("/first");
    }

    @Test
    void aBrowserThatBeginsManySignInsKeepsFewCookies() {
        var browser = LOGIN.browser();
        var last = browser.begin();
        for (int i = 0; i < 30; i++) {
            last = browser.begin("/" + "x".repeat(60 * i));
        }

        assertThat(browser.cookies().values().stream().mapToInt(String::length).sum()).isLessThan(4_001);
        assertThat(browser.comeBack(LOGIN.provider(), last).error()).isEmpty();
    }

    @Test
    void aBrowserThatBeginsTooManySignInsLosesTheOldestOneAndNoCookieOfAnotherKind() {
        var browser = LOGIN.browser();
        browser.cookies().put("sessionid", "s".repeat(4_000));
        var next = "/" + "x".repeat(999); // two such sign-ins fit, and three do not
        var begun = IntStream.range(0, 3).mapToObj(i -> browser.begin(next)).toList();

        assertThat(browser.cookies()).hasSize(3).containsKey("sessionid");
        assertThat(browser.copy().comeBack(LOGIN.provider(), begun.get(0)).error()).isNotEmpty();
        assertThat(browser.copy().comeBack(LOGIN.provider(), begun.get(1)).location()).isEqualTo(next);
        assertThat(browser.copy().comeBack(LOGIN.provider(), begun.get(2)).location()).isEqualTo(next);
    }

    @Test
    void aStateIsGoodOnceWithAFreshCodeAndTheRestoredCookieToo() {
        var browser = LOGIN.browser();
        var begun = browser.begin();
        var restored = browser.copy();
        browser.comeBack(LOGIN.provider(), begun);
        var session = LOGIN.user(browser);

        var again = restored.comeBack(LOGIN.provider(), begun);

        assertThat(again.error()).isEqualTo("expired");
        assertThat(restored.cookies()).doesNotContainKey("sessionid");
        assertThat(LOGIN.user(browser)).isPresent().isEqualTo(session);
    }

    @Test
    void aSignInThatTookTenMinutesIsRefused() {
        var browser = LOGIN.browser();
        var begun = PendingSignIn.begin(NextPath.HOME, new SecureRandom(),
                Instant.now().minus(PendingSignIn.LIFETIME));
        var cookie = DaggerSignInHandler_Graph.builder().coreModule(new CoreModule(LOGIN.environment())).build()
                .cookies().set(begun, List.of()).getFirst();
        browser.cookies().put(cookie.replaceFirst("=.*", ""), cookie.replaceAll("^[^=]*=|;.*", ""));

        var answer = browser.callback(Map.of("code", "c", "state", begun.state().value()));

        assertThat(answer.error()).isEqualTo("expired");
        assertThat(answer.log().string("reason")).contains("too late");
        assertThat(LOGIN.provider().count("/token")).isZero();
    }

    @Test
    void aRefusedCallbackUsesItsStateUp() {
        var browser = LOGIN.browser();
        var begun = browser.begin();
        var restored = browser.copy();

        assertThat(browser.callback(Map.of("error", "access_denied", "state", TestBrowser.state(begun))).error())
                .isEqualTo("cancelled");

        assertThat(restored.comeBack(LOGIN.provider(), begun).error()).isEqualTo("expired");
    }

    @Test
    void oneOfManyCallbacksWithOneStateSignsIn() throws Exception {
        var browser = LOGIN.browser();
        var begun = browser.begin();

        var answers = atOnce(8, i -> browser.copy().comeBack(LOGIN.provider(), begun));

        assertThat(answers).filteredOn(answer -> answer.location().equals("/")).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.error().equals("expired")).hasSize(7);
    }

    @Test
    void manyFirstSignInsOfOnePersonAtOnceAllSucceedAsOneUser() throws Exception {
        var answers = atOnce(12, i -> LOGIN.browser().signIn(LOGIN.provider()));

        assertThat(answers).allMatch(answer -> answer.location().equals("/"));
        assertThat(LOGIN.profiles()).hasSize(1);
    }

    @Test
    void anotherBrowserCannotFinish() {
        var begun = LOGIN.browser().begin();
        var other = LOGIN.browser();
        other.begin();

        assertThat(other.comeBack(LOGIN.provider(), begun).error()).isEqualTo("expired");
        assertThat(LOGIN.browser().comeBack(LOGIN.provider(), begun).error()).isEqualTo("expired");
        assertThat(LOGIN.provider().count("/token")).isZero();
    }

    @Test
    void aCookieOfAnotherSignInIsNoneOfThisOne() {
        var browser = LOGIN.browser();
        var begun = browser.begin();
        var name = browser.cookies().keySet().iterator().next();
        var other = LOGIN.browser();
        other.begin();
        browser.cookies().put(name, other.cookies().values().iterator().next());

        assertThat(browser.comeBack(LOGIN.provider(), begun).error()).isEqualTo("expired");
        // Nor is its verifier tried at the provider.
        assertThat(LOGIN.provider().count("/token")).isZero();
    }

    @Test
    void aCookieThatWasChangedIsNone() {
        var browser = LOGIN.browser();
        var begun = browser.begin();
        browser.cookies().replaceAll((name, value) -> value.substring(0, value.length() - 2)
                + (value.endsWith("AA") ? "BB" : "AA"));

        assertThat(browser.comeBack(LOGIN.provider(), begun).error()).isEqualTo("expired");
        assertThat(LOGIN.provider().count("/token")).isZero();
    }

    @Test
    void aStolenCodeIsOfNoUseInAnotherSignIn() {
        var victim = LOGIN.browser();
        var stolen = LOGIN.provider().code(victim.begin().uri());
        var attacker = LOGIN.browser();
        var begun = attacker.begin();

        assertThat(attacker.callback(Map.of("code", stolen, "state", TestBrowser.state(begun))).error())
                .isEqualTo("expired");
        assertThat(attacker.cookies()).doesNotContainKey("sessionid");
    }

    @Test
    void aRefusalLeavesTheSessionThatTheBrowserHas() {
        var browser = LOGIN.browser();
        browser.signIn(LOGIN.provider());
        var before = Map.copyOf(browser.cookies());

        var answer = browser.callback(Map.of("error", "access_denied", "state", TestBrowser.state(browser.begin())));

        assertThat(answer.error()).isEqualTo("cancelled");
        assertThat(browser.cookies()).isEqualTo(before);
        assertThat(LOGIN.user(browser)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"access_denied, cancelled", "server_error, provider_unavailable",
            "temporarily_unavailable, provider_unavailable", "invalid_scope, provider_refused",
            "unauthorized_client, provider_refused", "<script>, provider_refused", "'', provider_refused"})
    void anErrorOfTheProviderHasACodeOfThePages(String error, String code) {
        var browser = LOGIN.browser();

        var answer = browser.callback(Map.of("error", error, "error_description", "<script>",
                "state", TestBrowser.state(browser.begin())));

        assertThat(answer.location()).isEqualTo("/?error=" + code);
        assertThat(answer.log().toJson()).doesNotContain("<script>");
    }

    @Test
    void aCallbackWithoutOneStateIsRefused() {
        var browser = LOGIN.browser();
        var state = TestBrowser.state(browser.begin());

        assertThat(browser.copy().callback(Map.of()).error()).isEqualTo("expired");
        assertThat(browser.copy().callback(Map.of("code", "c")).error()).isEqualTo("expired");
        assertThat(browser.copy().callback(Map.of("code", "c", "state", "")).error()).isEqualTo("expired");
        assertThat(browser.copy().callback(Map.of("code", "c", "state", "../../etc/passwd")).error())
                .isEqualTo("expired");
        assertThat(browser.copy().callback(Map.of("code", "c", "state", List.of(state, state))).error())
                .isEqualTo("expired");
    }

    /** A callback without a state needs no secret, so only the function's beginning can have asked for it. */
    @Test
    void theClientSecretIsAskedForBeforeTheCallbackIsChecked() throws Exception {
        try (var secrets = new RefusingService()) {
            var browser = new TestBrowser(new SignInHandler(name -> name.equals("AWS_ENDPOINT_URL_SECRETS_MANAGER")
                    ? secrets.endpoint()
                    : LOGIN.environment().get(name)));

            assertThat(browser.callback(Map.of()).error()).isEqualTo("expired");

            assertThat(secrets.isAsked()).isTrue();
        }
    }

    @Test
    void aCallbackWithoutOneCodeIsRefused() {
        for (var query : List.<Map<String, ?>>of(Map.of(), Map.of("code", ""), Map.of("code", List.of("a", "b")))) {
            var browser = LOGIN.browser();
            var all = new HashMap<String, Object>(query);
            all.put("state", TestBrowser.state(browser.begin()));

            assertThat(browser.callback(all).error()).isEqualTo("provider_not_trusted");
        }
        assertThat(LOGIN.provider().count("/token")).isZero();
    }

    @Test
    void anIssuerInTheCallbackMustBeTheProvider() {
        var browser = LOGIN.browser();
        var good = browser.begin();
        assertThat(browser.callback(Map.of("code", LOGIN.provider().code(good.uri()), "state",
                TestBrowser.state(good), "iss", LOGIN.provider().issuer())).error()).isEmpty();

        for (var issuer : List.of("https://evil.example.com", LOGIN.provider().issuer() + "/", "",
                List.of(LOGIN.provider().issuer(), LOGIN.provider().issuer()))) {
            var begun = browser.begin();
            assertThat(browser.callback(Map.of("code", LOGIN.provider().code(begun.uri()), "state",
                    TestBrowser.state(begun), "iss", issuer)).error()).isEqualTo("provider_not_trusted");
            assertThat(browser.callback(Map.of("error", "access_denied", "state",
                    TestBrowser.state(browser.begin()), "iss", issuer)).error()).isEqualTo("provider_not_trusted");
        }
    }

    @Test
    void aProviderThatNamesItselfMustDoSo() {
        LOGIN.provider().metadata("authorization_response_iss_parameter_supported", true);

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("provider_not_trusted");
    }

    @Test
    void provesItselfBySecretAndPkce() {
        LOGIN.secret("s:ec%ret ü");

        LOGIN.browser().signIn(LOGIN.provider());

        assertThat(LOGIN.provider().tokenForm()).containsEntry("grant_type", "authorization_code")
                .containsEntry("redirect_uri", "https://app.example.com/api/auth/callback/")
                .containsKeys("code", "code_verifier").doesNotContainKey("client_secret");
        var basic = LOGIN.provider().tokenAuthorization();
        // RFC 6749, section 2.3.1: each part is form-encoded first.
        assertThat(new String(Base64.getDecoder().decode(basic.substring("Basic ".length())), StandardCharsets.UTF_8))
                .isEqualTo(TestProvider.CLIENT + ":s%3Aec%25ret+%C3%BC");
    }

    @Test
    void putsTheSecretIntoTheBodyWhereTheProviderTakesItThereOnly() {
        LOGIN.provider().metadata("token_endpoint_auth_methods_supported", List.of("client_secret_post"));

        LOGIN.browser().signIn(LOGIN.provider());

        assertThat(LOGIN.provider().tokenForm()).containsEntry("client_id", TestProvider.CLIENT)
                .containsEntry("client_secret", LoginFixture.SECRET);
        assertThat(LOGIN.provider().tokenAuthorization()).isEqualTo("null");
    }

    @Test
    void aPublicClientProvesItselfByPkceAlone() {
        LOGIN.secret("");

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");

        assertThat(LOGIN.provider().tokenForm()).containsEntry("client_id", TestProvider.CLIENT)
                .doesNotContainKey("client_secret");
        assertThat(LOGIN.provider().tokenAuthorization()).isEqualTo("null");
    }

    @Test
    void anAddressOfAnotherPersonsUserIsRefusedAndNothingIsChanged() {
        LOGIN.browser().signIn(LOGIN.provider());
        LOGIN.provider().claims(claims -> claims.put("sub", "somebody-else"));
        var users = LOGIN.tables().items("Users");

        var answer = LOGIN.browser().signIn(LOGIN.provider());

        assertThat(answer.error()).isEqualTo("email_taken");
        assertThat(LOGIN.tables().items("Users")).isEqualTo(users);
    }

    @Test
    void noLogLineTellsAddressCodeTokenOrSecret() {
        var browser = LOGIN.browser();
        var begun = browser.begin("/private");
        var code = LOGIN.provider().code(begun.uri());
        var query = Map.of("code", code, "state", TestBrowser.state(begun));
        var first = browser.copy();
        LOGIN.provider().claims(claims -> claims.put("nonce", "wrong"));

        var lines = begun.log().toJson() + browser.callback(query).log().toJson()
                + first.callback(query).log().toJson();

        var parameters = TestProvider.parameters(begun.uri().getRawQuery());
        assertThat(lines).doesNotContain("jane").doesNotContain(code).doesNotContain(TestBrowser.state(begun))
                .doesNotContain(parameters.get("nonce")).doesNotContain(TestProvider.ACCESS_TOKEN)
                .doesNotContain(LoginFixture.SECRET).doesNotContain("subject-1").doesNotContain("/private");
    }

    @Test
    void ourOwnFaultsLeadToThePageTooAndAreLogged() {
        var environment = LOGIN.environment();
        var broken = new TestBrowser(new SignInHandler(
                name -> name.equals("CREDENTIALS_TABLE") ? "no-such-table" : environment.get(name)));

        var answer = broken.signIn(LOGIN.provider());

        assertThat(answer.error()).isEqualTo("failed");
        assertThat(answer.log().string("outcome")).contains("failed");
        assertThat(answer.log().toJson()).contains("ResourceNotFoundException");
    }

    /** As in a container, to which this machine's loopback address is its own. */
    @Test
    void asksAProviderOfThisMachineWhereItIsTold() {
        var environment = LOGIN.environment();
        var issuer = "http://127.0.0.1:1/openid";
        LOGIN.provider().metadata("issuer", issuer).metadata("token_endpoint", issuer + "/token")
                .metadata("jwks_uri", issuer + "/keys").claims(claims -> claims.put("iss", issuer));
        var browser = new TestBrowser(new SignInHandler(
                name -> name.equals("OIDC_ISSUER") ? issuer : environment.get(name)));

        assertThat(browser.signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    @Test
    void theProvidersPageKeepsItsOwnQuery() {
        LOGIN.provider().metadata("authorization_endpoint", LOGIN.provider().issuer() + "/authorize?policy=b2c");

        assertThat(TestProvider.parameters(URI.create(LOGIN.browser().begin().location()).getRawQuery()))
                .containsEntry("policy", "b2c").containsKey("state");
    }

    private interface Attempt {
        Answer run(int number);
    }

    private static List<Answer> atOnce(int count, Attempt attempt) throws Exception {
        try (var threads = Executors.newFixedThreadPool(count)) {
            return threads.invokeAll(
                    IntStream.range(0, count).<Callable<Answer>>mapToObj(i -> () -> attempt.run(i)).toList()).stream()
                    .map(Future::resultNow).toList();
        }
    }
}
