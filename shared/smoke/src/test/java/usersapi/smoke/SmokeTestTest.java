package usersapi.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.local.LocalGateway;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;

/** The smoke test on the local server, whose functions answer Lambda's Invoke API. */
class SmokeTestTest {

    private static LocalAws aws;
    private static LocalGateway gateway;
    private static Properties before;

    /** Functions find their surroundings by system properties: those of the other tests come back afterwards. */
    @BeforeAll
    static void start() {
        assumeTrue(hasAwsCli(), "the AWS CLI is not here");
        before = (Properties) System.getProperties().clone();
        aws = LocalAws.inMemory();
        gateway = LocalGateway.start(Template.projectDirectory().resolve("template.yaml"), aws, id -> id, 0);
    }

    private static boolean hasAwsCli() {
        try {
            return new ProcessBuilder("aws", "--version").redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
            aws.close();
            System.setProperties(before);
        }
    }

    private static SmokeOptions options(String api, Map<String, String> more) {
        var given = new Properties();
        given.putAll(Map.of("api.url", api, "provision.user", "ProvisionUser", "open.session", "OpenSession",
                "lambda.endpoint", gateway.uri().toString()));
        given.putAll(more);
        return SmokeOptions.of(given);
    }

    @Test
    void passesWhereTheApiAnswersAsSpecified() {
        var options = options(gateway.uri() + "/", Map.of("delete.user",
                "arn:aws:lambda:us-east-1:123456789012:function:DeleteUser:live"));

        var users = new TestUsers(new LambdaCli(options.lambdaEndpoint()), options);
        var first = users.provision();

        assertThat(SmokeTest.run(options)).isTrue();
        assertThat(users.provision()).as("a new user, because that of the run is gone").isNotEqualTo(first);
    }

    @Test
    void knowsTheProvidersPage() {
        var issuer = gateway.template().environment().get("OIDC_ISSUER");

        assertThat(SmokeTest.run(options(gateway.uri().toString(), Map.of("oidc.issuer", issuer)))).isTrue();
        assertThat(SmokeTest.run(options(gateway.uri().toString(), Map.of("oidc.issuer", gateway.uri().toString()))))
                .as("another provider").isFalse();
    }

    @Test
    void passesWhereItMayNotDeleteItsUser() {
        assertThat(SmokeTest.run(options(gateway.uri().toString(), Map.of()))).isTrue();
        assertThat(SmokeTest.run(options(gateway.uri().toString(), Map.of()))).as("again").isTrue();
    }

    @ParameterizedTest
    @CsvSource({"api.url,/somewhere/else", "provision.user,NoSuchFunction", "open.session,ProvisionUser",
            "delete.user,GetCurrentUser"})
    void failsWhereSomethingIsWrong(String option, String value) {
        var wrong = option.equals("api.url") ? gateway.uri() + value : value;

        assertThat(SmokeTest.run(options(gateway.uri().toString(), Map.of(option, wrong)))).isFalse();
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(SmokeOptions.of(new Properties()).mistakes()).containsExactly("-Dapi.url=…: required",
                "-Dprovision.user=…: required", "-Dopen.session=…: required");
    }

    @ParameterizedTest
    @CsvSource({"https://api.example.com/prod, true", "http://127.0.0.1:3000, true", "http://api.example.com, false",
            "api.example.com, false"})
    void wantsHttps(String api, boolean isRight) {
        var options = new Properties();
        options.putAll(Map.of("api.url", api, "provision.user", "p", "open.session", "o"));

        assertThat(SmokeOptions.of(options).mistakes().isEmpty()).isEqualTo(isRight);
    }

    @Test
    void namesNoCredential() {
        assertThat(new TestUsers.Session("sessionid=s3cret", "t0ken").toString()).doesNotContain("s3cret", "t0ken");
        assertThat(new Api.Reply("GET /", 200, null, "", "").toString()).isEqualTo("GET /: 200");
    }
}
