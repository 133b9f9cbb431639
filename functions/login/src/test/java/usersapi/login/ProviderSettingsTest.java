package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderSettingsTest {

    @ParameterizedTest
    @CsvSource({"https://idp.example.com, https://idp.example.com/.well-known/openid-configuration",
            "https://idp.example.com/, https://idp.example.com/.well-known/openid-configuration",
            "https://idp.example.com:8443/realms/x, https://idp.example.com:8443/realms/x/.well-known/openid-configuration",
            "http://127.0.0.1:9000, http://127.0.0.1:9000/.well-known/openid-configuration",
            "http://localhost:9000/x/, http://localhost:9000/x/.well-known/openid-configuration",
            "http://[::1]:9000, http://[::1]:9000/.well-known/openid-configuration"})
    void findsTheDescriptionOfAnIssuer(String issuer, String discovery) {
        assertThat(settings(issuer).discovery()).hasToString(discovery);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://idp.example.com", "http://10.0.0.1", "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://0.0.0.0", "http://127.1", "idp.example.com", "https://", "https://idp.example.com?x=y",
            "https://idp.example.com#x", "https://me@idp.example.com", "ftp://idp.example.com", "https://a b",
            "{issuer}"})
    void refusesAnIssuerThatCannotBeTrustedAndSaysWhichVariable(String issuer) {
        assertThatIllegalStateException().isThrownBy(() -> settings(issuer)).withMessageContaining("OIDC_ISSUER")
                .withMessageContaining("SignIn");
    }

    @ParameterizedTest
    @CsvSource({
            "http://127.0.0.1:3000/openid, http://host.docker.internal:4569/openid, http://127.0.0.1:3000/openid/token, "
                    + "http://host.docker.internal:4569/openid/token",
            "http://127.0.0.1:3000/, http://172.17.0.1:4569/, http://127.0.0.1:3000/token?a=b, http://172.17.0.1:4569/token?a=b",
            "http://127.0.0.1:3000, http://172.17.0.1:4569, http://127.0.0.1:30001/token, http://127.0.0.1:30001/token",
            "http://127.0.0.1:3000, http://172.17.0.1:4569, http://127.0.0.1:9000/token, http://127.0.0.1:9000/token",
            "https://idp.example.com, https://idp.example.com, https://idp.example.com/token, https://idp.example.com/token"})
    void reachesAProviderOfThisMachineByAnotherName(String issuer, String endpoint, String url, String reached) {
        assertThat(settings(issuer, endpoint).reached(URI.create(url))).hasToString(reached);
    }

    @ParameterizedTest
    @CsvSource({"https://idp.example.com, https://other.example.com", "https://idp.example.com, http://127.0.0.1:4569",
            "https://idp.example.com, http://host.docker.internal:4569",
            "https://idp.example.com, https://idp.example.com/",
            "http://127.0.0.1:3000, ftp://host.docker.internal:4569",
            "http://127.0.0.1:3000, host.docker.internal:4569"})
    void reachesNoOtherProviderByAnotherName(String issuer, String endpoint) {
        assertThatIllegalStateException().isThrownBy(() -> settings(issuer, endpoint))
                .withMessageContaining("OIDC_ENDPOINT_URL").withMessageContaining("SignIn");
    }

    @Test
    void onlyAProviderOfThisMachineMayNameEndpointsWithoutTls() {
        assertThat(settings("http://127.0.0.1:3000").isLocal()).isTrue();
        assertThat(settings("https://idp.example.com").isLocal()).isFalse();
    }

    private static ProviderSettings settings(String issuer) {
        return settings(issuer, issuer);
    }

    private static ProviderSettings settings(String issuer, String endpoint) {
        var variables = Map.of("OIDC_ISSUER", issuer, "OIDC_ENDPOINT_URL", endpoint, "OIDC_CLIENT_ID", "client",
                "OIDC_SECRET", "secret", "OIDC_REDIRECT_URI", "https://app.example.com/api/auth/callback/",
                "AWS_LAMBDA_FUNCTION_NAME", "SignIn");
        return new ProviderSettings(variables::get);
    }
}
