package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.standin.Template;
import usersapi.system.RunningApi;
import usersapi.system.SignedIn;

/** The API's reference, and the commands that can be copied from it. */
class ReferencePageTest {

    private static final String COPIES = "navigator.clipboard.writeText = async (text) => { window.copied = text; };";

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    private static JsonNode description() throws IOException {
        return new JsonMapper().readTree(
                Files.readString(Template.projectDirectory().resolve("functions/site/openapi.json")));
    }

    private static void open() {
        BROWSER.get().runFirst(COPIES);
        BROWSER.get().open("/reference.html");
        BROWSER.get().shown("#StripeWebhook");
    }

    private static String copied(String route) {
        BROWSER.get().run("location.hash = '%s'".formatted(route));
        BROWSER.get().run("delete window.copied");
        BROWSER.get().click("#%s .request button".formatted(route));
        BROWSER.get().awaitThat("window.copied");
        return BROWSER.get().run("return window.copied").toString();
    }

    private static String output(String shell, String command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(shell, "-c", command.replaceFirst("^curl ", "curl -s -w '\\\\n%{http_code}' "))
                .redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static List<String> shells() {
        return List.of("bash", "zsh").stream()
                .filter(shell -> Files.isExecutable(java.nio.file.Path.of("/usr/bin", shell))).toList();
    }

    @Test
    void isShortAndHasEachRouteAndEachCommonAnswerOnce() throws IOException {
        open();

        assertThat((Long) BROWSER.get().run("return document.documentElement.scrollHeight")).isLessThanOrEqualTo(2700);
        var text = BROWSER.get().run("return document.querySelector('#main').textContent").toString();
        description().path("paths").fieldNames().forEachRemaining(path -> assertThat(text).contains(path));
        description().path("components").path("responses").fieldNames().forEachRemaining(name -> assertThat(
                BROWSER.get().run("return document.querySelectorAll('#common-%s').length".formatted(name)))
                .as(name).isEqualTo(1L));
        for (var width : List.of(1280, 1000, 960)) {
            BROWSER.get().size(width, 900);
            assertThat(BROWSER.get().run("""
                    return [...document.querySelectorAll(".route > summary")].map((row) => row.offsetHeight)
                        .filter((height) => height > 40)""")).as("rows of two lines at %d px", width)
                    .isEqualTo(List.of());
        }
    }

    @Test
    void hasACommandOfEachRouteThatRunsAsItIs() throws IOException, InterruptedException {
        open();
        var routes = new ArrayList<String>();
        description().path("paths").forEach(path -> path.forEach(operation -> routes.add(operation.path("operationId")
                .asText())));

        for (var route : routes) {
            var command = copied(route);
            assertThat(command).startsWith("curl ").contains(RunningApi.uri().toString()).doesNotContain("{id}");
            for (var shell : shells()) {
                assertThat(output(shell, command)).as(route + " in " + shell).containsPattern("\\n[2-5][0-9]{2}$");
            }
        }
    }

    @Test
    void putsTheReadersTokenIntoWhatIsCopiedAndNowhereElse() throws IOException, InterruptedException {
        var reader = SignedIn.as("reference@example.com");
        var token = reader.regenerated();
        BROWSER.get().signIn(reader);
        open();

        var command = copied("GetCurrentUser");

        assertThat(command).contains(token);
        assertThat(BROWSER.get().run("return document.documentElement.outerHTML").toString()).doesNotContain(token);
        for (var shell : shells()) {
            assertThat(output(shell, command)).contains("reference@example.com").endsWith("\n200");
            assertThat(output(shell, copied("UpdateSettings"))).endsWith("\n200");
        }
        assertThat(copied("StripeWebhook")).doesNotContain(token);
    }

    @Test
    void opensTheRouteThatTheAddressNames() {
        BROWSER.get().open("/reference.html#GetStorageSummary");

        BROWSER.get().shown("#GetStorageSummary .inside");
        assertThat(BROWSER.get().isShown("#GetCurrentUser .inside")).isFalse();
        BROWSER.get().run("location.hash = '#%zz'");
        BROWSER.get().run("location.hash = '#GetCurrentUser'");
        BROWSER.get().shown("#GetCurrentUser .inside");
    }
}
