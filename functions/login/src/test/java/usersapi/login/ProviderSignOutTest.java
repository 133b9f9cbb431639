package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderSignOutTest {

    @RegisterExtension
    static final LoginFixture LOGIN = new LoginFixture();

    @Test
    void leadsToTheProvidersSignOutAndBackToTheHomePage() {
        var answer = LOGIN.browser().signOut();

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.location()).startsWith(LOGIN.provider().issuer() + "/logout?");
        assertThat(TestProvider.parameters(answer.uri().getRawQuery())).containsOnlyKeys("client_id",
                "post_logout_redirect_uri", "logout_uri").containsEntry("client_id", TestProvider.CLIENT)
                .containsEntry("post_logout_redirect_uri", "https://app.example.com/")
                .containsEntry("logout_uri", "https://app.example.com/");
        assertThat(answer.log().string("outcome")).contains("ok");
    }

    @Test
    void keepsTheQueryOfTheProvidersEndpoint() {
        LOGIN.provider().metadata("end_session_endpoint", LOGIN.provider().issuer() + "/logout?policy=b2c");

        assertThat(TestProvider.parameters(LOGIN.browser().signOut().uri().getRawQuery()))
                .containsEntry("policy", "b2c").containsKey("client_id");
    }

    @Test
    void changesNothingHere() {
        var browser = LOGIN.browser();
        browser.signIn(LOGIN.provider());
        var items = LOGIN.tables().items();

        var answer = browser.signOut();

        assertThat(answer.cookies()).isEmpty();
        assertThat(LOGIN.tables().items()).isEqualTo(items);
    }

    @Test
    void saysSoWhereTheProviderHasNoSignOut() {
        LOGIN.provider().metadata("end_session_endpoint", null);

        var answer = LOGIN.browser().signOut();

        assertThat(answer.error()).isEqualTo("sign_out_incomplete");
        assertThat(answer.log().string("outcome")).contains("denied");
        assertThat(answer.log().string("reason")).contains("no end_session_endpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://idp.example.com/logout", "javascript:alert(1)", "//evil.example.com", "",
            "https://me@evil.example.com/", "https://idp.example.com/#x"})
    void leadsNowhereUnsafeAndKeepsNobodyFromSigningInForIt(String endpoint) {
        LOGIN.provider().metadata("end_session_endpoint", endpoint);
        var browser = LOGIN.browser();

        assertThat(browser.signOut().error()).isEqualTo("sign_out_incomplete");
        assertThat(browser.signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    @Test
    void saysSoWhereTheProviderIsDownAndTheLogSaysWhy() {
        LOGIN.provider().close();

        var answer = LOGIN.browser().signOut();

        assertThat(answer.error()).isEqualTo("sign_out_incomplete");
        assertThat(answer.log().string("outcome")).contains("provider_failed");
        assertThat(answer.log().string("error")).contains("provider_unavailable");
    }

    @Test
    void takesNothingOfTheRequest() {
        var answer = LOGIN.browser().signOut("https://evil.example.com/");

        assertThat(answer.location()).isEqualTo(LOGIN.browser().signOut().location()).doesNotContain("evil");
    }
}
