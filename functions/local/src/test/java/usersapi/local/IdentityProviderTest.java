package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.standin.UnsupportedTemplateException;

class IdentityProviderTest {

    private static final URI ORIGIN = URI.create("http://127.0.0.1:3000");

    private static IdentityProvider of(Map<String, String> variables) {
        return IdentityProvider.of(variables::get, ORIGIN);
    }

    @Test
    void isAStandInUnlessTheEnvironmentNamesAnother() {
        assertThat(of(Map.of()).parameters()).containsEntry("OidcIssuer", "http://127.0.0.1:3000/local/openid");
        assertThat(of(Map.of("OIDC_ISSUER", " ", "OIDC_CLIENT_ID", "")).parameters())
                .isEqualTo(of(Map.of()).parameters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://idp.example.com/", "http://127.0.0.1:9000", "http://localhost:9000/realms/x",
            "http://[::1]:9000"})
    void isTheOneThatTheEnvironmentNames(String issuer) {
        assertThat(of(Map.of("OIDC_ISSUER", issuer, "OIDC_CLIENT_ID", "client")).parameters())
                .isEqualTo(Map.of("OidcIssuer", issuer, "OidcClientId", "client"));
    }

    @Test
    void saysWhetherPeopleSignOutThereTooIfTheEnvironmentDoes() {
        assertThat(of(Map.of()).parameters()).doesNotContainKey("OidcSignOut");
        assertThat(of(Map.of("OIDC_SIGN_OUT", "true")).parameters()).containsEntry("OidcSignOut", "true")
                .containsEntry("OidcIssuer", "http://127.0.0.1:3000/local/openid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://idp.example.com", "http://10.0.0.1", "http://127.0.0.1.example.com",
            "idp.example.com",
            "ftp://127.0.0.1", "http://"})
    void refusesHttpThatLeavesThisMachine(String issuer) {
        assertThatThrownBy(() -> of(Map.of("OIDC_ISSUER", issuer, "OIDC_CLIENT_ID", "client")))
                .isInstanceOf(UnsupportedTemplateException.class).hasMessageContaining("OIDC_ISSUER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OIDC_ISSUER", "OIDC_CLIENT_ID"})
    void refusesOneWithoutTheOther(String variable) {
        assertThatThrownBy(() -> of(Map.of(variable, "https://idp.example.com")))
                .isInstanceOf(UnsupportedTemplateException.class).hasMessageContaining("go together");
    }
}
