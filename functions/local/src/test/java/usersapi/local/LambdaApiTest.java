package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.Exchange;

/** Lambda's Invoke API with the functions of fixture.yaml. */
class LambdaApiTest {

    private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:";
    private static final JsonMapper JSON = new JsonMapper();

    @RegisterExtension
    static final FixtureGateway GATEWAY = new FixtureGateway();

    private static Exchange invoke(String function) {
        return Exchange.of(GATEWAY.uri(), "POST", "/2015-03-31/functions/%s/invocations".formatted(function));
    }

    @Test
    void answersWithTheFunctionsOutputWordForWord() {
        var reply = invoke("Say").body("{\"body\": \"{ \\\"ü\\\" : 1 }\"}").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{ \"ü\" : 1 }");
        assertThat(reply.header("Content-Type")).contains("application/json");
        assertThat(reply.header("X-Amz-Executed-Version")).contains("$LATEST");
        assertThat(reply.header("X-Amz-Function-Error")).isEmpty();
        assertThat(reply.header("X-Amzn-Trace-Id")).hasValueSatisfying(id -> assertThat(id).startsWith("Root=1-"));
        assertThat(reply.header("x-amzn-Remapped-Content-Length")).contains("0");
    }

    @ParameterizedTest
    @CsvSource({"Describe, '', $LATEST, ''", "Describe:live, '', 1, :live", "Describe:1, '', 1, :1",
            "Describe, ?Qualifier=live, 1, :live", "Describe:live, ?Qualifier=live, 1, :live",
            "Describe:$LATEST, '', $LATEST, :$LATEST", ARN + "Describe, '', $LATEST, ''",
            ARN + "Describe:live, '', 1, :live", "123456789012:function:Describe:live, '', 1, :live"})
    void findsTheFunctionByNameOrArnAndQualifier(String function, String query, String version, String qualifier)
            throws IOException {
        for (var name : List.of(function, URLEncoder.encode(function, StandardCharsets.UTF_8))) {
            var reply = Exchange.of(GATEWAY.uri(), "POST",
                    "/2015-03-31/functions/%s/invocations%s".formatted(name, query)).body("{}").send();

            assertThat(reply.status()).as(name).isEqualTo(200);
            assertThat(reply.header("X-Amz-Executed-Version")).contains(version);
            var context = JSON.readTree(reply.text());
            assertThat(context.path("arn").asText()).isEqualTo(ARN + "Describe" + qualifier);
            assertThat(context.path("version").asText()).isEqualTo(version);
            assertThat(reply.header("x-amzn-RequestId")).contains(context.path("request").asText());
        }
    }

    @ParameterizedTest
    @CsvSource({"Nobody, " + ARN + "Nobody", "Nobody:live, " + ARN + "Nobody:live",
            "Describe:old, " + ARN + "Describe:old",
            "Describe:2, " + ARN + "Describe:2",
            "arn:aws:lambda:eu-west-1:123456789012:function:Describe, arn:aws:lambda:eu-west-1:123456789012:function:Describe"})
    void knowsNoOtherFunction(String function, String named) throws IOException {
        var reply = invoke(URLEncoder.encode(function, StandardCharsets.UTF_8)).body("{}").send();

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("x-amzn-ErrorType")).contains("ResourceNotFoundException");
        assertThat(JSON.readTree(reply.text())).isEqualTo(
                JSON.createObjectNode().put("Type", "User").put("Message", "Function not found: " + named));
    }

    @Test
    void refusesAQualifierThatContradictsTheName() {
        var reply = Exchange.of(GATEWAY.uri(), "POST", "/2015-03-31/functions/Describe:1/invocations?Qualifier=live")
                .body("{}").send();

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("x-amzn-ErrorType")).contains("InvalidParameterValueException");
    }

    @Test
    void reportsWhatTheFunctionThrew() {
        var reply = invoke("Crash:live").body("{}").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("X-Amz-Function-Error")).contains("Unhandled");
        assertThat(reply.header("X-Amz-Executed-Version")).contains("1");
        assertThat(reply.text()).isEqualTo(
                "{\"errorMessage\":\"crashed on purpose\",\"errorType\":\"java.lang.IllegalStateException\"}");
    }

    @Test
    void reportsThatTheFunctionTookTooLong() throws IOException {
        var reply = invoke("Hang").body("{}").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("X-Amz-Function-Error")).contains("Unhandled");
        var error = JSON.readTree(reply.text());
        assertThat(error.path("errorType").asText()).isEqualTo("Sandbox.Timedout");
        assertThat(error.path("errorMessage").asText())
                .isEqualTo("RequestId: %s Error: Task timed out after 1.00 seconds"
                        .formatted(reply.header("x-amzn-RequestId").orElseThrow()));
    }

    @Test
    void reportsThatTheFunctionAnsweredTooMuch() throws IOException {
        var reply = invoke("Fill").body("{\"bytes\": 6291557}").send();
        assertThat(reply.header("X-Amz-Function-Error")).contains("Unhandled");
        assertThat(JSON.readTree(reply.text()).path("errorType").asText()).isEqualTo("Function.ResponseSizeTooLarge");

        assertThat(invoke("Fill").body("{\"bytes\": 6291556}").send().text()).hasSize(6_291_556);
    }

    @Test
    void invokesWithoutWaitingAndTriesTwiceMore() throws InterruptedException {
        var reply = invoke("Count").header("X-Amz-Invocation-Type", "Event").body("{}").send();

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.text()).isEmpty();
        assertThat(reply.header("X-Amz-Executed-Version")).isEmpty();
        Handlers.Count.INVOCATIONS.await();
    }

    @Test
    void checksWithoutInvoking() {
        assertThat(invoke("Crash").header("X-Amz-Invocation-Type", "DryRun").send().status()).isEqualTo(204);
        assertThat(invoke("Nobody").header("X-Amz-Invocation-Type", "DryRun").send().status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}{}", "a", "\u00e9"})
    void refusesAPayloadThatIsNotJson(String payload) throws IOException {
        var reply = invoke("Say").body(payload.getBytes(StandardCharsets.ISO_8859_1)).send();

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("x-amzn-ErrorType")).contains("InvalidRequestContentException");
        var error = JSON.readTree(reply.text());
        assertThat(error.path("Type").asText()).isEqualTo("User");
        assertThat(error.path("message").asText())
                .startsWith("Could not parse request body into json: Could not parse payload into json: ");
    }

    @Test
    void takesNoPayloadForAnEmptyObject() {
        assertThat(invoke("Describe").send().text()).contains("\"event\":\"{}\"");
    }

    @Test
    void refusesAPayloadOfMoreThanSixMegabytes() {
        var reply = invoke("Say").body("\"" + "x".repeat(6 * 1024 * 1024 - 1) + "\"").send();

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.header("x-amzn-ErrorType")).contains("RequestEntityTooLargeException");
    }

    @Test
    void givesTheEndOfTheLogToWhoAsks() {
        var reply = invoke("Describe").header("X-Amz-Log-Type", "Tail").body("{}").send();

        assertThat(reply.header("X-Amz-Log-Result")).hasValueSatisfying(
                log -> assertThat(new String(Base64.getDecoder().decode(log), StandardCharsets.UTF_8))
                        .isEqualTo("described\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost:1"})
    void invokesNothingForAWebPage(String origin) {
        var reply = invoke("Describe").header("Origin", origin).body("{}").send();

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text()).doesNotContain("arn:");
    }

    /** A page can make its name resolve to this machine; for the browser the page then has the server's origin. */
    @Test
    void invokesNothingForAPageWhoseNameLeadsHere() throws IOException {
        assertThat(Wire.exchange(GATEWAY.uri(), "POST /2015-03-31/functions/Describe/invocations HTTP/1.1",
                "Host: evil.example:" + GATEWAY.uri().getPort(), "Content-Length: 0", "Connection: close"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void suitsAnSdk() throws Exception {
        assumeTrue(hasSdk(), "python3 with boto3 is not at hand");
        var script = Path.of(LambdaApiTest.class.getResource("invoke.py").toURI());

        var python = python(script.toString(), GATEWAY.uri().toString());

        assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("""
                [200, "1", null, true, [1]]
                [200, "$LATEST", "Unhandled", false, {"errorMessage": "crashed on purpose", "errorType": \
                "java.lang.IllegalStateException"}]
                [202, null, null, false, null]
                [204, null, null, false, null]
                "ResourceNotFoundException"
                "InvalidRequestContentException"
                """);
    }

    private static boolean hasSdk() throws InterruptedException {
        try {
            return python("-c", "import boto3").waitFor() == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    private static Process python(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    @Test
    void doesNothingButInvoke() {
        assertThat(Exchange.of(GATEWAY.uri(), "GET", "/2015-03-31/functions/").send().status()).isEqualTo(404);
        assertThat(Exchange.of(GATEWAY.uri(), "GET", "/2015-03-31/functions/Describe/invocations").send().status())
                .isEqualTo(404);
    }
}
