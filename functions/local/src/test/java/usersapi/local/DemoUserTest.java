package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import usersapi.standin.LocalAws;
import usersapi.standin.ServerStartException;
import usersapi.standin.Template;
import usersapi.testing.Exchange;

/** The demo user, as the API and the functions see it. */
class DemoUserTest {

    private final LocalAws aws = LocalAws.inMemory();
    private LocalGateway gateway;

    @BeforeEach
    void start() {
        gateway = LocalGateway.start(Template.projectDirectory().resolve("template.yaml"), aws, id -> id, 0);
    }

    @AfterEach
    void stop() {
        gateway.close();
        aws.close();
    }

    private DemoUser signIn(boolean isFixed) {
        return DemoUser.DEMO.signIn(aws, gateway.template().environment()::get, isFixed);
    }

    private Exchange request(String method, String path) {
        return Exchange.of(gateway.uri(), method, path);
    }

    private Exchange bySession(String method, String path) {
        return request(method, path).header("Cookie", "sessionid=" + DemoUser.DEMO.sessionId()).header("X-CSRFToken",
                DemoUser.DEMO.csrfToken());
    }

    private void worksAsDocumented() {
        var me = request("GET", "/api/users/me/").header("Authorization", "Bearer " + DemoUser.DEMO.accessToken())
                .send()
                .json();
        assertThat(me.path("external_id").asText()).isEqualTo(DemoUser.DEMO.externalId());
        assertThat(me.path("access_token").asText()).isEqualTo(DemoUser.DEMO.accessToken());
        assertThat(bySession("PATCH", "/api/users/settings/").body("{\"tz\": \"UTC\"}").send().status()).isEqualTo(200);
    }

    @Test
    void hasTheDocumentedCredentialsWhereOtherProgramsAreToFindIt() {
        assertThat(signIn(true)).isEqualTo(DemoUser.DEMO);

        worksAsDocumented();
    }

    @Test
    void isAsDocumentedAgainWhateverHappenedToIt() {
        signIn(true);
        assertThat(bySession("POST", "/api/users/me/token/regenerate/").send().status()).isEqualTo(200);
        signIn(true);
        worksAsDocumented();

        signIn(false);
        assertThat(bySession("POST", "/local/sign-out").send().status()).isEqualTo(204);
        signIn(true);
        worksAsDocumented();
    }

    @Test
    void hasCredentialsThatNobodyKnowsElsewhere() {
        var first = signIn(false);
        var second = signIn(false);

        assertThat(first.externalId()).isEqualTo(DemoUser.DEMO.externalId());
        assertThat(first.accessToken()).isNotEqualTo(DemoUser.DEMO.accessToken()).isEqualTo(second.accessToken());
        assertThat(first.sessionId()).isNotEqualTo(DemoUser.DEMO.sessionId()).isNotEqualTo(second.sessionId());
        assertThat(first.csrfToken()).isNotEqualTo(DemoUser.DEMO.csrfToken()).isNotEqualTo(second.csrfToken());
        assertThat(bySession("GET", "/api/users/me/").send().status()).isEqualTo(401);
    }

    @Test
    void takesNobodysAddress() {
        request("POST", "/local/sign-in").body("{\"email\": \"demo@example.com\"}").send();

        assertThatThrownBy(() -> signIn(true)).isInstanceOf(ServerStartException.class)
                .hasMessageContaining("choose another directory with -Dlocal.data=DIR");
    }

    @Test
    void saysNoCredential() {
        assertThat(signIn(false)).hasToString("DemoUser[00112233445566778899aabbccddeeff]");
    }
}
