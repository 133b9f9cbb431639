package usersapi.login;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.credential.OpaqueToken;
import usersapi.testing.LocalTables;

/** Tables for a test class, and a provider and a function for each of its tests. */
final class LoginFixture implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    static final String SECRET = "client-secret-that-no-log-may-show";

    private final LocalTables tables = new LocalTables();
    private TestProvider provider;

    @Override
    public void beforeAll(ExtensionContext context) {
        tables.beforeAll(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        tables.afterAll(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        tables.clear();
        secret(SECRET);
        provider = new TestProvider();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        provider.close();
    }

    LocalTables tables() {
        return tables;
    }

    TestProvider provider() {
        return provider;
    }

    /** Sets the client secret as an operator does. */
    void secret(String value) {
        tables.putSecret(tables.variable("OIDC_SECRET"), "{\"client_secret\":\"%s\"}".formatted(value));
    }

    /** The function's environment. */
    Environment environment() {
        var own = Map.of("OIDC_ISSUER", provider.issuer(), "OIDC_ENDPOINT_URL", provider.issuer(), "OIDC_CLIENT_ID",
                TestProvider.CLIENT, "SIGN_IN_COOKIE",
                "sign-in");
        return name -> own.getOrDefault(name, tables.variable(name));
    }

    /** A browser in front of a new instance of the function. */
    TestBrowser browser() {
        return new TestBrowser(new SignInHandler(environment()));
    }

    /** The user of the browser's session; empty without an open one. */
    Optional<String> user(TestBrowser browser) {
        return Optional.ofNullable(browser.cookies().get("sessionid")).flatMap(this::userOf);
    }

    /** The user of this session. */
    Optional<String> userOf(String sessionId) {
        var key = "session#" + new OpaqueToken(sessionId).sha256();
        return tables.item("Credentials", key, key).map(item -> item.get("external_id").s());
    }

    /** The profiles of all users. */
    Stream<Map<String, AttributeValue>> profiles() {
        return tables.items("Users").stream().filter(item -> item.get("id").s().startsWith("user#"));
    }
}
