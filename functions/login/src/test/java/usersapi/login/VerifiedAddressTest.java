package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifiedAddressTest {

    @RegisterExtension
    static final LoginFixture LOGIN = new LoginFixture();

    private static Arguments claims(String name, Consumer<Map<String, Object>> change) {
        return Arguments.of(name, change);
    }

    static Stream<Arguments> verified() {
        return Stream.of(claims("true", all -> all.put("email_verified", true)),
                claims("the text true", all -> all.put("email_verified", "true")),
                claims("xms_edov true", all -> entra(all, true)),
                claims("xms_edov as a text", all -> entra(all, "true")),
                claims("xms_edov as Entra also writes it", all -> entra(all, "1")));
    }

    static Stream<Arguments> notVerified() {
        return Stream.of(claims("false", all -> all.put("email_verified", false)),
                claims("the text false", all -> all.put("email_verified", "false")),
                claims("True", all -> all.put("email_verified", "True")),
                claims("1", all -> all.put("email_verified", 1)),
                claims("the text 1", all -> all.put("email_verified", "1")),
                claims("yes", all -> all.put("email_verified", "yes")),
                claims("an object", all -> all.put("email_verified", Map.of("true", true))),
                claims("missing", all -> all.remove("email_verified")),
                claims("xms_edov false", all -> entra(all, false)),
                claims("xms_edov 0", all -> entra(all, "0")), claims("xms_edov empty", all -> entra(all, "")),
                claims("said to be false, xms_edov or not", all -> {
                    all.put("email_verified", false);
                    all.put("xms_edov", true);
                }));
    }

    private static void entra(Map<String, Object> claims, Object edov) {
        claims.remove("email_verified");
        claims.put("xms_edov", edov);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verified")
    void aVerifiedAddressSignsIn(String name, Consumer<Map<String, Object>> change) {
        LOGIN.provider().claims(change);

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notVerified")
    void anAddressThatIsNotVerifiedIsRefused(String name, Consumer<Map<String, Object>> change) {
        LOGIN.provider().claims(change).userInfo(
                Map.of("sub", "subject-1", "email", "jane@example.com", "email_verified", true));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("email_not_verified");

        assertThat(LOGIN.provider().count("/userinfo")).isZero();
        assertThat(LOGIN.profiles()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notVerified")
    void norIsOneOfUserInfo(String name, Consumer<Map<String, Object>> change) {
        var answer = new HashMap<String, Object>(Map.of("sub", "subject-1", "email", "jane@example.com"));
        change.accept(answer);
        // The claim of the ID token does not apply, because the ID token has no address.
        LOGIN.provider().claims(all -> {
            all.remove("email");
            all.put("xms_edov", true);
        }).userInfo(answer);

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("email_not_verified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void userInfoIsAskedIfTheTokenHasNoAddress(String email) {
        LOGIN.provider().claims(all -> all.put("email", email)).userInfo(
                Map.of("sub", "subject-1", "email", "Info@example.com", "email_verified", "true"));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");

        assertThat(LOGIN.profiles()).singleElement()
                .satisfies(profile -> assertThat(profile.get("email").s()).isEqualTo("Info@example.com"));
    }

    @Test
    void aTokenWithoutAnAddressIsRefusedIfTheProviderHasNoUserInfo() {
        LOGIN.provider().metadata("userinfo_endpoint", null).claims(all -> all.remove("email"));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("email_not_verified");
    }

    @Test
    void userInfoIsNotAskedIfTheTokenHasAnAddress() {
        LOGIN.browser().signIn(LOGIN.provider());

        assertThat(LOGIN.provider().count("/userinfo")).isZero();
    }

    @Test
    void userInfoGetsTheAccessToken() {
        LOGIN.provider().claims(all -> all.remove("email")).at("/userinfo", exchange -> TestProvider.json(exchange, 200,
                Map.of("sub", "subject-1", "email", "jane@example.com", "email_verified",
                        ("Bearer " + TestProvider.ACCESS_TOKEN)
                                .equals(exchange.getRequestHeaders().getFirst("Authorization")))));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    @Test
    void userInfoOfAnotherPersonIsNotTrusted() {
        LOGIN.provider().claims(all -> all.remove("email"));
        for (var answer : List.<Map<String, Object>>of(
                Map.of("sub", "somebody-else", "email", "jane@example.com", "email_verified", true),
                Map.of("email", "jane@example.com", "email_verified", true),
                Map.of("sub", 1, "email", "jane@example.com", "email_verified", true))) {
            LOGIN.provider().userInfo(answer);

            assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("provider_not_trusted");
        }
    }

    @Test
    void aPersonWithoutAnAddressIsRefused() {
        LOGIN.provider().claims(all -> all.remove("email")).userInfo(Map.of("sub", "subject-1"));
        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("email_not_verified");

        LOGIN.provider().metadata("userinfo_endpoint", null);
        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("email_not_verified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jane", "\"jane doe\"@example.com", "jane@localhost", "jane@[127.0.0.1]"})
    void anAddressThatNoAccountCanHaveIsRefused(String email) {
        LOGIN.provider().claims(all -> all.put("email", email));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("email_not_supported");
    }

    @Test
    void aChangedAddressKeepsTheUser() {
        var first = LOGIN.browser();
        first.signIn(LOGIN.provider());
        LOGIN.provider().claims(all -> all.put("email", "Jane@new.example.com"));
        var second = LOGIN.browser();

        second.signIn(LOGIN.provider());

        assertThat(LOGIN.user(second)).isPresent().isEqualTo(LOGIN.user(first));
        assertThat(LOGIN.profiles()).singleElement()
                .satisfies(profile -> assertThat(profile.get("email").s()).isEqualTo("Jane@new.example.com"));
    }
}
